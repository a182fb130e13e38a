import type { Page } from '@playwright/test'

// As text: the tests are compiled without a browser's types.
const withoutWebGl = `
  const getContext = HTMLCanvasElement.prototype.getContext
  HTMLCanvasElement.prototype.getContext = function (type, ...options) {
    return type.includes('webgl') ? null : getContext.call(this, type, ...options)
  }
`
const loss = `
  document.querySelector('[data-testid="scene"] canvas').getContext('webgl2').getExtension('WEBGL_lose_context').loseContext()
`

/** From here on, pages of this window get no WebGL, as in a browser without hardware acceleration. */
export async function takeWebGlAway(page: Page): Promise<void> {
  await page.addInitScript({ content: withoutWebGl })
}

/** The scene's canvas loses its context, as when a driver starts anew. */
export async function loseWebGl(page: Page): Promise<void> {
  await page.evaluate(loss)
}
