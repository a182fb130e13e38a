import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { openPromise } from 'yauzl'
import { ZipFile } from 'yazl'
import { transferRequest } from '../../src-main/contract/transfer.ts'
import { openStore } from '../../src-main/store/open.ts'
import type { Store } from '../../src-main/store/store.ts'
import { batch, checkpointParts, episodeRecord, frames, specification } from '../store/fixtures.ts'

/** A lab with one finished transfer: a pre-training run, and a fine-tuning run that starts from it. */
export async function fillLab(folder: string, createdAt = 1000): Promise<void> {
  const store = await openStore(folder)
  const { id } = store.experiments.insert({
    name: 'SQRL: across the lava',
    createdAt,
    request: transferRequest.parse({ environment: 'drunk-spider', methods: ['sqrl'], seeds: [0] }),
    note: 'Seed 0 only.',
  })
  const pretrain = addRun(store, id, null)
  addRun(store, id, pretrain)
  store.close()
}

export function addRun(store: Store, experimentId: number, pretrainRunId: number | null): number {
  const phase = pretrainRunId === null ? 'pretrain' : 'finetune'
  const { id } = store.runs.insert({
    experimentId,
    pretrainRunId,
    specification: specification({ phase, steps: 20 }),
    createdAt: 2000,
  })
  if (pretrainRunId !== null) {
    const last = store.checkpoints.getLast(pretrainRunId)
    store.runs.updatePretrainCheckpoint(id, last?.id ?? null)
  }
  for (const step of [10, 20])
    store.applyCheckpoint(
      id,
      batch(step, {
        metrics: [{ step, values: { loss: 1 / step, 'q safe': Math.PI * step } }],
        episodes: [
          episodeRecord(step / 5 - 2, {
            outcome: 'failure',
            cause: 'lava at row 3, column 2',
            warningLead: 2,
            frames: frames(step),
          }),
          episodeRecord(step / 5 - 1, { outcome: 'success' }),
        ],
        evaluations: [
          {
            step,
            place: 0,
            seed: 5000,
            return: -Math.PI * step,
            length: 4,
            outcome: 'failure',
            cause: 'lava',
            finalQSafe: 0.25,
          },
        ],
      }),
      checkpointParts(step, step / 5),
    )
  store.changeState(id, { state: 'finished', at: 3000 })
  store.runs.updateNote(id, 'Looks “good”.')
  store.runs.updateTags(id, ['keep', 'paper'])
  const [failure] = store.episodes.listOfRun(id, 0, 1)
  store.marks.insert({ episodeId: failure?.id ?? 0, frame: 1, lastFrame: 2, label: 'Too late' })
  return id
}

/** Everything about the runs of the experiment but the ids, which each lab gives anew. */
export async function contentOf(folder: string, experimentId: number): Promise<unknown> {
  const store = await openStore(folder)
  try {
    const runs = store.runs.listOfExperiment(experimentId)
    const places = new Map(runs.map(({ id }, place) => [id, place]))
    return {
      experiment: { ...store.experiments.get(experimentId), id: null },
      runs: runs.map((run) => ({
        ...run,
        id: null,
        experimentId: null,
        pretrainRunId: places.get(run.pretrainRunId ?? 0),
        // Ids are new in the other lab; `lineage` says which step it is.
        pretrainCheckpointId: run.pretrainCheckpointId !== null,
        stepsPerSecond: null,
        metrics: store.metrics.history(run.id),
        evaluations: store.evaluations.listOfRun(run.id),
        events: store.events.listOfRun(run.id).map((event) => ({ ...event, id: null })),
        marks: store.archiveRows.marksOf(run.id),
        lineage: store.archiveRows
          .lineageOf(experimentId)
          .filter(({ runId }) => runId === run.id)
          .map(({ pretrainStep }) => pretrainStep),
        episodes: store.episodes.listOfRun(run.id, 0, 1000).map((episode) => ({
          ...episode,
          id: null,
          runId: null,
          frames: store.frames.get(episode.id),
        })),
        checkpoints: store.checkpoints.listOfRun(run.id).map((checkpoint) => ({
          step: checkpoint.step,
          createdAt: checkpoint.createdAt,
          progress: { ...store.checkpoints.getProgress(run.id, checkpoint.step), id: null },
          networks: store.checkpoints.getNetworks(checkpoint.id),
        })),
      })),
    }
  } finally {
    store.close()
  }
}

export interface ZipEntry {
  name: string
  content: Buffer
  mode?: number
}

export async function unzip(file: string): Promise<ZipEntry[]> {
  const zip = await openPromise(file, { autoClose: false })
  const entries: ZipEntry[] = []
  for await (const entry of zip.eachEntry()) {
    const chunks: Buffer[] = []
    for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk)
    entries.push({ name: entry.fileName, content: Buffer.concat(chunks) })
  }
  zip.close()
  return entries
}

export async function zip(file: string, entries: readonly ZipEntry[]): Promise<void> {
  const archive = new ZipFile()
  for (const { name, content, mode } of entries)
    archive.addBuffer(content, name, { ...(mode === undefined ? {} : { mode }) })
  archive.end()
  await pipeline(archive.outputStream, createWriteStream(file))
}
