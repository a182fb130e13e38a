import { createKeybindingsHandler } from 'tinykeys'
import { computed, onScopeDispose } from 'vue'
import { type KnownAction, knownActions } from '../actions/catalog.ts'
import { canRun, runAction } from '../actions/registry.ts'
import { useKeysStore } from '../stores/keys.ts'

const typing =
  'textarea, select, [contenteditable=""], [contenteditable="true"], input:not([type=checkbox], [type=radio], [type=range], [type=button])'
const overlay = '[role=dialog], [role=alertdialog], [role=menu], [role=listbox]'
const pressedBySpaceOrEnter =
  'button, a[href], summary, input, [role=button], [role=tab], [role=option], [role=checkbox], [role=switch]'
const movedByArrows = 'input[type=range], input[type=radio]'

/** Does actions by their keys. What a control under the focus does itself with a key comes first. */
export function useKeyDispatch(): void {
  const keys = useKeysStore()
  const handler = computed(() => {
    const byKeys = new Map<string, KnownAction[]>()
    for (const action of knownActions) {
      for (const binding of keys.activeKeysOf(action.id))
        byKeys.set(binding, [...(byKeys.get(binding) ?? []), action])
    }
    const bindings = [...byKeys].map(([binding, actions]) => [
      binding,
      (event: KeyboardEvent) => dispatch(event, actions),
    ])
    return createKeybindingsHandler(Object.fromEntries(bindings), { ignore: (event) => event.isComposing })
  })
  const onKeydown = (event: KeyboardEvent) => {
    if (!event.defaultPrevented) handler.value(event)
  }
  window.addEventListener('keydown', onKeydown)
  onScopeDispose(() => window.removeEventListener('keydown', onKeydown))
}

function dispatch(event: KeyboardEvent, actions: readonly KnownAction[]): void {
  const action = actions.find(({ id, inFields, repeats }) => {
    if (event.repeat && repeats !== true) return false
    return !isTaken(event, inFields === true) && canRun(id)
  })
  if (action === undefined) return
  event.preventDefault()
  runAction(action.id)
}

/** True if the control under the focus has a use for the key, or a dialog or menu is open. */
function isTaken({ target, key }: KeyboardEvent, inFields: boolean): boolean {
  if (!(target instanceof Element)) return false
  if (target.closest(overlay) !== null) return true
  if (inFields) return false
  if (target.matches(typing)) return true
  if (key === 'Enter' || key === ' ') return target.closest(pressedBySpaceOrEnter) !== null
  return /^(Arrow|Home|End|Page)/.test(key) && target.matches(movedByArrows)
}
