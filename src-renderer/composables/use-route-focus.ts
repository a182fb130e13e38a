import { nextTick, type ShallowRef } from 'vue'
import { useRouter } from 'vue-router'

/** After a change of view the focus is in the new view, not on what led there or on nothing at all. */
export function useRouteFocus(main: Readonly<ShallowRef<HTMLElement | null>>): void {
  useRouter().afterEach(async (to, from, failure) => {
    // The first view of a page leaves the focus where the browser puts it.
    if (failure || to.path === from.path || from.matched.length === 0) return
    await nextTick()
    const target = main.value
    if (target !== null && !target.contains(document.activeElement)) target.focus({ preventScroll: true })
  })
}
