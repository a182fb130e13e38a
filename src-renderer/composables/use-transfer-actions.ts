import type { TransferStep } from '../../src-main/contract/index.ts'
import { stepActionId, transferActions } from '../actions/transfer.ts'
import { steps } from '../transfer/steps.ts'
import { useActions } from './use-actions.ts'

interface Hands {
  isReady(): boolean
  next(): TransferStep | null
  previous(): TransferStep | null
  goTo(step: TransferStep): void
  canRehearse(): boolean
  canStart(): boolean
  start(): Promise<void>
  rehearse(): void
  /** Null where nothing has been kept yet. */
  draftId(): number | null
  discard(id: number): Promise<void>
}

/** Keys and palette do in the wizard what its steps and its foot do. */
export function useTransferActions(hands: Hands): void {
  const goTo = (step: TransferStep | null) => {
    if (step !== null) hands.goTo(step)
  }
  useActions(
    transferActions,
    {
      'transfer.next': { run: () => goTo(hands.next()), when: () => hands.next() !== null },
      'transfer.previous': { run: () => goTo(hands.previous()), when: () => hands.previous() !== null },
      ...Object.fromEntries(steps.map(({ step }) => [stepActionId(step), () => hands.goTo(step)])),
      'transfer.dryRun': {
        run() {
          hands.goTo('budget')
          hands.rehearse()
        },
        when: hands.canRehearse,
      },
      'transfer.start': { run: hands.start, when: hands.canStart },
      'transfer.discard': {
        run: () => hands.discard(hands.draftId() ?? 0),
        when: () => hands.draftId() !== null,
      },
    },
    hands.isReady,
  )
}
