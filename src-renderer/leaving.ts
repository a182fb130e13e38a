import type { Router } from 'vue-router'

/**
 * Views write their state into the address by replacing it. One that is being left does so no more: until the next one is there,
 * what it writes would take the place of where the user goes.
 */
export function letLeave(router: Router): void {
  /** Navigations to another view that have begun and not ended; from one run or episode to the next, the view stays. */
  const leaving = new Set<string>()
  router.beforeEach((to, from) => {
    if (to.matched[0] !== from.matched[0]) leaving.add(to.fullPath)
  })
  router.afterEach((to) => void leaving.delete(to.fullPath))
  router.onError((_error, to) => void leaving.delete(to.fullPath))
  const replace = router.replace.bind(router)
  router.replace = (to) => (leaving.size > 0 ? Promise.resolve() : replace(to))
}
