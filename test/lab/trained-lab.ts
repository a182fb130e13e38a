import { transferRequest } from '../../src-main/contract/transfer.ts'
import { type Lab, openLab } from '../../src-main/lab/lab.ts'
import { openStore } from '../../src-main/store/open.ts'
import { batch } from '../store/fixtures.ts'
import type { Trained } from './trained.ts'

/** A lab with what was trained: run and checkpoint n of the n-th, its episodes with their frames. */
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
    store.applyCheckpoint(run.id, batch(steps, { episodes }), {
      step: steps,
      networks: { values: { episodeIndex: episodes.length }, arrays: networks.arrays },
      resume: { values: {}, arrays: {} },
    })
    store.runs.updateState(run.id, { state: 'finished', at: 3 })
  }
  store.close()
  return openLab(folder, { train: false })
}
