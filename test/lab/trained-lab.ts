import { transferRequest } from '../../src-main/contract/transfer.ts'
import { type Lab, openLab } from '../../src-main/lab/lab.ts'
import { openStore } from '../../src-main/store/open.ts'
import { batch } from '../store/fixtures.ts'
import type { Trained } from './trained.ts'

/**
 * A lab with what was trained: run n is the n-th, with its episodes, their frames, and two checkpoints of the same final networks: 2n - 1 at half of its
 * steps and 2n at the end.
 */
export async function openTrainedLab(folder: string, trained: readonly Trained[]): Promise<Lab> {
  const store = await openStore(folder)
  const { id: experimentId } = store.experiments.insert({
    name: 'trained',
    createdAt: 1,
    request: transferRequest.parse({ environment: 'drunk-spider', methods: ['sqrl'], seeds: [7] }),
  })
  for (const { specification, networks, episodes } of trained) {
    const run = store.runs.insert({ experimentId, pretrainRunId: null, specification, createdAt: 2 })
    const { steps } = specification
    const half = episodes.filter(({ step }) => step <= steps / 2)
    const write = (step: number, added: typeof episodes, episodeIndex: number) =>
      store.applyCheckpoint(run.id, batch(step, { episodes: added }), {
        step,
        networks: { values: { episodeIndex }, arrays: networks.arrays },
        resume: { values: {}, arrays: {} },
      })
    write(steps / 2, half, half.length)
    write(steps, episodes.slice(half.length), episodes.length)
    store.runs.updateState(run.id, { state: 'finished', at: 3 })
  }
  store.close()
  return openLab(folder, { train: false })
}
