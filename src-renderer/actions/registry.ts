import { shallowReactive } from 'vue'
import type { ActionSet } from './describe.ts'

type Run = () => void | Promise<void>

/** What an action does. `when` says whether it can be done now; it is asked each time, so it may depend on anything. */
export type ActionHandler = Run | { readonly run: Run; readonly when?: () => boolean }

/** Of each id the handlers that are there now; the last one counts. */
const handlers = shallowReactive(new Map<string, readonly ActionHandler[]>())

/** Makes actions of the set available until the returned function is called. */
export function registerActions<Id extends string>(
  _set: ActionSet<Id>,
  added: Readonly<Partial<Record<NoInfer<Id>, ActionHandler>>>,
): () => void {
  const entries = Object.entries<ActionHandler | undefined>(added)
  for (const [id, handler] of entries) if (handler) handlers.set(id, [...(handlers.get(id) ?? []), handler])
  return () => {
    for (const [id, handler] of entries) {
      const left = handlers.get(id)?.filter((other) => other !== handler) ?? []
      if (left.length > 0) handlers.set(id, left)
      else handlers.delete(id)
    }
  }
}

/** True if the action's view is there and the action can be done now. */
export function canRun(id: string): boolean {
  const handler = handlers.get(id)?.at(-1)
  if (handler === undefined) return false
  return typeof handler === 'function' || handler.when === undefined || handler.when()
}

/** Does the action; returns false where it cannot be done now. */
export function runAction(id: string): boolean {
  const handler = handlers.get(id)?.at(-1)
  if (handler === undefined || !canRun(id)) return false
  void (typeof handler === 'function' ? handler() : handler.run())
  return true
}
