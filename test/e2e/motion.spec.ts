import { expect, test } from './fixtures.ts'

test('with reduced motion nothing moves by itself', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await expect(page.getByRole('button', { name: /Try it/ })).toBeVisible()
  await page.keyboard.press('ControlOrMeta+k')
  await expect(page.getByRole('dialog')).toBeVisible()
  const moving = await page.evaluate<string[]>(`[...document.querySelectorAll('*')].flatMap((element) => {
    const { transitionDuration, animationName, animationDuration } = getComputedStyle(element)
    const takesTime = (text) => text.split(',').some((part) => parseFloat(part) > 0)
    const moves = takesTime(transitionDuration) || (animationName !== 'none' && takesTime(animationDuration))
    return moves ? [element.tagName + '.' + element.className] : []
  })`)
  expect(moving).toEqual([])
})
