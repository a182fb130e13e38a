import { nextTick, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { type KnownAction, knownActions } from '../actions/catalog.ts'
import { isReady, runAction } from '../actions/registry.ts'
import { useAtHandStore } from '../stores/at-hand.ts'
import { useToastsStore } from '../stores/toasts.ts'

/** A view that has not read what it shows by then says itself why. */
const mostMillis = 20_000

/** Does an action from wherever one is: goes to its view first, with the thing at hand, or says what has to be chosen. */
export function useReach() {
  const route = useRoute()
  const router = useRouter()
  const atHand = useAtHandStore()
  const toasts = useToastsStore()

  async function reach(id: string): Promise<void> {
    const action = knownActions.find((known) => known.id === id)
    if (action === undefined || runAction(id)) return
    if (action.view !== null && route.name !== action.view) {
      const { path, missing } = await atHand.reach(action.view)
      if (route.path !== path) await router.push(path)
      if (missing !== null) return explain(action, missing)
    }
    if (!(await untilReady(id)))
      return explain(action, 'Its view has not been read yet. Try again when it is there.')
    // What an action shows or puts the focus on is drawn by then.
    await nextTick()
    if (!runAction(id)) explain(action, action.needs ?? 'It cannot be done at present.')
  }

  function explain({ title }: KnownAction, why: string): void {
    toasts.show({ text: `${title.replace(/…$/, '')}: ${why}` })
  }

  return { reach }
}

function untilReady(id: string): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = window.setTimeout(() => settle(false), mostMillis)
    const stop = watch(
      () => isReady(id),
      (ready) => {
        if (ready) settle(true)
      },
      { immediate: true, flush: 'post' },
    )
    function settle(ready: boolean): void {
      window.clearTimeout(timer)
      resolve(ready)
      void nextTick(() => stop())
    }
  })
}
