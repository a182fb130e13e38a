import { describe, expect, it } from 'vitest'
import { createMemoryHistory, createRouter, type Router } from 'vue-router'
import { letLeave } from '../../src-renderer/leaving.ts'

const empty = { render: () => null }

/** Views that are loaded when `load` is called. */
async function startRouter(): Promise<{ router: Router; load: (path: string) => void }> {
  const loads = new Map<string, () => void>()
  const waiting = (path: string) => () =>
    new Promise<typeof empty>((resolve) => loads.set(path, () => resolve(empty)))
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: '/runs', component: empty },
      { path: '/failures', component: waiting('/failures') },
      { path: '/compare', component: waiting('/compare') },
      { path: '/broken', component: () => Promise.reject(new Error('It does not load.')) },
    ],
  })
  letLeave(router)
  await router.push('/runs')
  return { router, load: (path) => loads.get(path)?.() }
}

const turn = () => new Promise((resolve) => setTimeout(resolve))

describe('letLeave()', () => {
  it('lets the user go on where the view that is left still writes its query', async () => {
    const { router, load } = await startRouter()
    const going = router.push('/failures')
    await turn()
    await router.replace({ query: { filter: 'sqrl' } })
    load('/failures')
    await going
    expect(router.currentRoute.value.fullPath).toBe('/failures')
  })

  it('lets the last of several ways win', async () => {
    const { router, load } = await startRouter()
    const first = router.push('/failures')
    await turn()
    const second = router.push('/compare')
    await turn()
    await router.replace({ query: { at: '3' } })
    load('/failures')
    await first
    await router.replace({ query: { at: '4' } })
    load('/compare')
    await second
    expect(router.currentRoute.value.fullPath).toBe('/compare')
    await router.replace({ query: { show: 'curves' } })
    expect(router.currentRoute.value.fullPath).toBe('/compare?show=curves')
  })

  it('lets a view write again that could not be left', async () => {
    const { router } = await startRouter()
    await expect(router.push('/broken')).rejects.toThrow('It does not load.')
    await router.replace({ query: { filter: 'sac' } })
    expect(router.currentRoute.value.fullPath).toBe('/runs?filter=sac')
  })
})
