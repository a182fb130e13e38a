import { onScopeDispose } from 'vue'
import type { ActionSet } from '../actions/describe.ts'
import { type ActionHandler, registerActions } from '../actions/registry.ts'

/** Makes actions of a set available for as long as the component is mounted. A component may bring only some of the set. */
export function useActions<Id extends string>(
  set: ActionSet<Id>,
  handlers: Readonly<Partial<Record<NoInfer<Id>, ActionHandler>>>,
  /** False while the view still reads what they are about. */
  isReady?: () => boolean,
): void {
  onScopeDispose(registerActions(set, handlers, isReady))
}
