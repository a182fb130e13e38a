import { editActions } from '../actions/frame.ts'
import { useUndoStore } from '../stores/undo.ts'
import { useActions } from './use-actions.ts'

/** Takes back the last deletion, in whichever view one is by then. */
export function useUndoAction(): void {
  const undo = useUndoStore()
  useActions(editActions, { 'edit.undo': { run: undo.undo, when: () => undo.steps.length > 0 } })
}
