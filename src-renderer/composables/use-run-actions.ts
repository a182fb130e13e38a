import { useRouter } from 'vue-router'
import type { Checkpoint, Episode, Run } from '../../src-main/contract/index.ts'
import { runActions } from '../actions/run.ts'
import { watchLink } from '../replay/references.ts'
import { epsilonOf } from '../replay/run-settings.ts'
import { canDo, type RunAction } from '../runs/derive.ts'
import { useRunsStore } from '../stores/runs.ts'
import { useActions } from './use-actions.ts'

interface Hands {
  run(): Run | null
  remove(): Promise<void>
  extend(): void
  show(tab: string): void
  isZoomed(): boolean
  showAll(): void
  /** Of the run; undefined: it has none. */
  newestCheckpoint(): Checkpoint | undefined
  /** With frames; undefined: it has none. */
  newestFailure(): Episode | undefined
}

/** Keys and palette do to the run that is open what its header and its tabs do. */
export function useRunActions(hands: Hands): void {
  const runs = useRunsStore()
  const router = useRouter()
  const id = () => hands.run()?.id ?? 0
  const act = (action: RunAction) => ({
    run: () => runs.act(action, [id()]),
    when: () => {
      const run = hands.run()
      return run !== null && canDo(run, action)
    },
  })
  const open = (path: string, query: Record<string, string>) => void router.push({ path, query })

  useActions(
    runActions,
    {
      'run.pause': act('pause'),
      'run.resume': act('resume'),
      'run.stop': act('stop'),
      'run.extend': hands.extend,
      'run.clone': () => open('/transfer', { fromRun: String(id()) }),
      'run.compare': () => open('/compare', { runs: String(id()), phase: 'all' }),
      'run.replayFailures': () => open('/failures', { run: String(id()) }),
      'run.follow': {
        run: () => open(`/replay/${hands.newestFailure()?.id}`, { follow: '1', in: `run=${id()}` }),
        when: () => hands.newestFailure() !== undefined,
      },
      'run.watch': {
        run: () => {
          const [run, newest] = [hands.run(), hands.newestCheckpoint()]
          if (run !== null && newest) void router.push(watchLink(newest.id, epsilonOf(run) !== null))
        },
        when: () => hands.newestCheckpoint() !== undefined,
      },
      'run.delete': hands.remove,
      'run.openPretraining': {
        run: () => void router.push(`/runs/${hands.run()?.pretrainRunId}`),
        when: () => typeof hands.run()?.pretrainRunId === 'number',
      },
      'run.showAll': { run: hands.showAll, when: hands.isZoomed },
      'run.showFailures': () => hands.show('failures'),
      'run.showAround': () => hands.show('around'),
      'run.showSettings': () => hands.show('settings'),
      'run.showCheckpoints': () => hands.show('checkpoints'),
      'run.showLog': () => hands.show('log'),
      'run.showNotes': () => hands.show('notes'),
      'run.showOrigin': () => hands.show('origin'),
    },
    () => hands.run() !== null,
  )
}
