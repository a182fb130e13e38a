import { useRouter } from 'vue-router'
import { useAtHandStore } from '../stores/at-hand.ts'
import { useToastsStore } from '../stores/toasts.ts'
import { useTransferDraftStore } from '../stores/transfer-draft.ts'
import { fromForm } from '../transfer/request.ts'

/** How a draft ends: started or discarded. */
export function useTransferEnds(draftId: () => number | null) {
  const draft = useTransferDraftStore()
  const atHand = useAtHandStore()
  const toasts = useToastsStore()
  const router = useRouter()

  async function discard(id: number): Promise<void> {
    const shown = { request: fromForm(draft.form), step: draft.step, parent: draft.parent }
    const kept = draft.id === id ? shown : (draft.drafts.find((entry) => entry.id === id) ?? null)
    await draft.remove(id)
    if (atHand.last.draft === id) atHand.hold({ draft: null })
    if (draft.id === id || draftId() === id) await router.push('/transfer')
    if (kept !== null)
      toasts.show({
        text: 'The draft was discarded.',
        action: { label: 'Undo', run: () => draft.restore(kept) },
      })
  }

  async function start(): Promise<void> {
    const experiment = await draft.start()
    if (experiment === null) return
    atHand.hold({ draft: null })
    toasts.show({ text: `${experiment.name} was started.` })
    await router.push('/runs')
  }

  return { discard, start }
}
