import { shallowReactive } from 'vue'
import type { ActionSet } from './describe.ts'

type Run = () => void | Promise<void>

/** What an action does. `when` says whether it can be done now; it is asked each time, so it may depend on anything. */
export type ActionHandler = Run | { readonly run: Run; readonly when?: () => boolean }

interface Registered {
  readonly run: Run
  readonly when: () => boolean
  readonly isReady: () => boolean
}

/** Of each id the handlers that are there now; the last one counts. */
const handlers = shallowReactive(new Map<string, readonly Registered[]>())
const always = () => true

/**
 * Makes actions of the set available until the returned function is called. As long as `isReady` says no, the view still reads
 * what they are about.
 */
export function registerActions<Id extends string>(
  _set: ActionSet<Id>,
  added: Readonly<Partial<Record<NoInfer<Id>, ActionHandler>>>,
  isReady: () => boolean = always,
): () => void {
  const entries = Object.entries<ActionHandler | undefined>(added).flatMap(([id, handler]) => {
    if (handler === undefined) return []
    const { run, when = always } = typeof handler === 'function' ? { run: handler } : handler
    return [{ id, registered: { run, when, isReady } satisfies Registered }]
  })
  for (const { id, registered } of entries) handlers.set(id, [...(handlers.get(id) ?? []), registered])
  return () => {
    for (const { id, registered } of entries) {
      const left = handlers.get(id)?.filter((other) => other !== registered) ?? []
      if (left.length > 0) handlers.set(id, left)
      else handlers.delete(id)
    }
  }
}

/** True if the action's view is there and has read what it shows. */
export function isReady(id: string): boolean {
  return handlers.get(id)?.at(-1)?.isReady() ?? false
}

/** True if the action's view is there and the action can be done now. */
export function canRun(id: string): boolean {
  const handler = handlers.get(id)?.at(-1)
  return handler?.isReady() === true && handler.when()
}

/** Does the action; returns false where it cannot be done now. */
export function runAction(id: string): boolean {
  if (!canRun(id)) return false
  void handlers.get(id)?.at(-1)?.run()
  return true
}
