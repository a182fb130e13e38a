import { watch } from 'vue'
import { useRouter } from 'vue-router'
import { runsActions } from '../actions/runs.ts'
import { canDo, type RunAction } from '../runs/derive.ts'
import { useAtHandStore } from '../stores/at-hand.ts'
import { useRunsStore } from '../stores/runs.ts'
import { useActions } from './use-actions.ts'
import { useQuickTransfer } from './use-quick-transfer.ts'
import type { useRowSelection } from './use-row-selection.ts'

interface Hands {
  remove(ids: number[]): Promise<void>
  focusFilter(): void
  isFiltered(): boolean
  showAll(): void
  edit(field: 'note' | 'tags'): void
}

/** Keys and palette do to the selected runs what the bar above the table does. */
export function useRunsActions(selection: ReturnType<typeof useRowSelection>, hands: Hands): void {
  const store = useRunsStore()
  const atHand = useAtHandStore()
  const quick = useQuickTransfer()
  const router = useRouter()
  const able = (action: RunAction) =>
    selection.targets().flatMap((run) => (canDo(run, action) ? [run.id] : []))
  const ids = () => selection.targets().map(({ id }) => id)
  const hasTargets = () => selection.targets().length > 0
  const act = (action: RunAction) => ({
    run: () => store.act(action, able(action)),
    when: () => able(action).length > 0,
  })

  useActions(
    runsActions,
    {
      'runs.pause': act('pause'),
      'runs.resume': act('resume'),
      'runs.stop': act('stop'),
      'runs.delete': { run: () => hands.remove(ids()), when: hasTargets },
      'runs.compare': {
        run: () => void router.push({ path: '/compare', query: { runs: ids().join(',') } }),
        when: hasTargets,
      },
      'runs.note': { run: () => hands.edit('note'), when: hasTargets },
      'runs.tag': { run: () => hands.edit('tags'), when: hasTargets },
      'runs.filter': { run: hands.focusFilter, when: () => store.runs.size > 0 },
      'runs.showAll': { run: hands.showAll, when: hands.isFiltered },
      'runs.quickTransfer': { run: quick.start, when: () => !quick.isStarting.value },
    },
    () => store.isLoaded,
  )

  // A run that was chosen here is the one that actions of its own view are about.
  watch(
    () => selection.targets()[0]?.id,
    (run) => {
      if (run !== undefined) atHand.hold({ run })
    },
  )
}
