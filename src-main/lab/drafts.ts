import type { DraftToSave, SavedDraft } from '../contract/transfer-drafts.ts'
import type { LabContext } from './context.ts'
import { LabError } from './errors.ts'

export function draftCases({ store }: LabContext) {
  return {
    list: (): SavedDraft[] => store.drafts.list(),
    get(id: number): SavedDraft {
      const draft = store.drafts.get(id)
      if (draft === null) throw gone(id)
      return draft
    },
    save({ id, draft }: DraftToSave): SavedDraft {
      return store.transaction(() => {
        if (id === undefined) return store.drafts.insert(draft, Date.now())
        const saved = store.drafts.update(id, draft, Date.now())
        if (saved === null) throw gone(id)
        return saved
      })
    },
    remove(id: number): void {
      store.transaction(() => store.drafts.delete(id))
    },
  }
}

function gone(id: number): LabError {
  return new LabError('NOT_FOUND', `There is no draft ${id}. It was started or discarded.`)
}
