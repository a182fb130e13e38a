import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { ZipFile } from 'yazl'
import packageJson from '../../../package.json' with { type: 'json' }
import type { Experiment } from '../../contract/transfer.ts'
import { isActive } from '../../store/runs.ts'
import type { Store } from '../../store/store.ts'
import { LabError } from '../errors.ts'
import {
  type ArchivedCheckpoint,
  type ArchivedEpisode,
  type ArchivedMetric,
  type ArchivedRun,
  archivedRun,
  formatName,
  formatVersion,
  type Manifest,
  runEntryName,
} from './format.ts'
import { packRecord } from './records.ts'

/** Milliseconds since 1970 in every entry, so that the same experiment gives the same bytes but for the manifest's date. */
const entryTime = new Date(Date.UTC(2000, 0, 1))

const episodesAtOnce = 2000

/** Writes the archive to `file`, which must not be there; calls `onBytes` with the bytes of content as they go in. */
export async function writeArchive(
  store: Store,
  experiment: Experiment,
  file: string,
  onBytes: (bytes: number) => void,
): Promise<void> {
  const runs = gatherRuns(store, experiment.id)
  const entries: Manifest['entries'] = []
  const zip = new ZipFile()
  const control = new AbortController()
  // The library hands on errors of its own, but not those of what it reads.
  const fail = (error: unknown) => control.abort(error)
  zip.on('error', fail)

  const add = (name: string, content: () => AsyncGenerator<Buffer>, compress: boolean) =>
    zip.addReadStreamLazy(name, { mtime: entryTime, compress }, (give) => {
      const stream = Readable.from(described(name, content()))
      stream.on('error', fail)
      give(null, stream)
    })
  async function* described(name: string, content: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
    const hash = createHash('sha256')
    let bytes = 0
    for await (const chunk of content) {
      hash.update(chunk)
      bytes += chunk.byteLength
      onBytes(chunk.byteLength)
      yield chunk
      await nextTurn()
    }
    entries.push({ name, bytes, sha256: hash.digest('hex') })
  }

  add('runs.jsonl', () => lines(runs.map(({ run }) => run)), true)
  for (const { runId, run } of runs) {
    add(runEntryName(run.key, 'metrics.jsonl'), () => lines(metricsOf(store, runId)), true)
    add(runEntryName(run.key, 'episodes.jsonl'), () => lines(episodesOf(store, runId)), true)
    add(runEntryName(run.key, 'frames.pack'), () => framesOf(store, runId), false)
    add(runEntryName(run.key, 'checkpoints.jsonl'), () => lines(checkpointsOf(store, runId)), true)
    add(runEntryName(run.key, 'checkpoints.pack'), () => networksOf(store, runId), false)
  }
  // Last: by then the sizes and sums of all others are known.
  zip.addReadStreamLazy('manifest.json', { mtime: entryTime }, (give) =>
    give(null, Readable.from([Buffer.from(manifestText(experiment, entries))])),
  )
  zip.end()
  try {
    await pipeline(zip.outputStream, createWriteStream(file, { flags: 'wx' }), { signal: control.signal })
  } catch (error) {
    throw control.signal.aborted ? control.signal.reason : error
  }
  const handle = await open(file, 'r+')
  await handle.sync()
  await handle.close()
}

/** Stored bytes that `writeArchive` will pass on, roughly. */
export function archiveBytes(store: Store, experimentId: number): number {
  return gatherRuns(store, experimentId).reduce(
    (sum, { runId }) => sum + store.archiveRows.blobBytesOf(runId),
    1,
  )
}

interface GatheredRun {
  runId: number
  run: ArchivedRun
}

/** The runs of the experiment, and those of others that they started from. Refuses what still moves. */
export function gatherRuns(store: Store, experimentId: number): GatheredRun[] {
  const own = store.archiveRows.lineageOf(experimentId)
  const ids = own.map(({ runId }) => runId)
  const borrowed = own.flatMap(({ pretrainRunId }) =>
    pretrainRunId === null || ids.includes(pretrainRunId) ? [] : [pretrainRunId],
  )
  const all = [
    ...[...new Set(borrowed)].map((runId) => ({ runId, pretrainRunId: null, pretrainStep: null })),
    ...own,
  ]
  const keys = new Map(all.map(({ runId }, place) => [runId, place + 1]))
  return all.map(({ runId, pretrainRunId, pretrainStep }) => {
    const run = store.runs.get(runId)
    if (run === null) throw new LabError('NOT_FOUND', `There is no run ${runId}.`)
    if (isActive(run.state))
      throw new LabError(
        'CONFLICT',
        `Run ${runId} trains now, so it cannot be exported whole. Pause it, or wait until it has ended.`,
      )
    return {
      runId,
      run: archivedRun.parse({
        ...run,
        key: keys.get(runId),
        pretrainKey: pretrainRunId === null ? null : (keys.get(pretrainRunId) ?? null),
        pretrainStep,
        evaluations: store.evaluations.listOfRun(runId),
        events: store.events.listOfRun(runId).map(({ id: _, ...event }) => event),
      }),
    }
  })
}

function manifestText(experiment: Experiment, entries: Manifest['entries']): string {
  const { name, createdAt, request, note } = experiment
  const text = {
    format: formatName,
    version: formatVersion,
    application: `SQRL Lab ${packageJson.version}`,
    exportedAt: Date.now(),
    experiment: { name, createdAt, request, note },
    entries,
  }
  return `${JSON.stringify(text, null, 2)}\n`
}

async function* lines(items: Iterable<unknown>): AsyncGenerator<Buffer> {
  for (const item of items) yield Buffer.from(`${JSON.stringify(item)}\n`)
}

function* metricsOf(store: Store, runId: number): Generator<ArchivedMetric> {
  for (const name of store.archiveRows.metricNamesOf(runId)) {
    const series = store.metrics.history(runId, [name])[name]
    if (series !== undefined) yield { name, ...series }
  }
}

function* episodesOf(store: Store, runId: number): Generator<ArchivedEpisode> {
  const marks = Map.groupBy(store.archiveRows.marksOf(runId), ({ episodeIndex }) => episodeIndex)
  let from = 0
  for (;;) {
    const page = store.episodes.listOfRun(runId, from, episodesAtOnce)
    for (const { id: _, runId: __, hasFrames: ___, ...episode } of page)
      yield {
        ...episode,
        marks: (marks.get(episode.index) ?? []).map(({ frame, lastFrame, label }) => ({
          frame,
          lastFrame,
          label,
        })),
      }
    const last = page.at(-1)
    if (last === undefined) return
    from = last.index + 1
  }
}

async function* framesOf(store: Store, runId: number): AsyncGenerator<Buffer> {
  let after = -1
  for (;;) {
    const page = store.archiveRows.framesAfter(runId, after)
    for (const record of page) yield packRecord(record)
    const last = page.at(-1)
    if (last === undefined) return
    after = last.key
  }
}

function* checkpointsOf(store: Store, runId: number): Generator<ArchivedCheckpoint> {
  for (const { id: _, bytes: __, ...checkpoint } of store.archiveRows.checkpointsOf(runId)) yield checkpoint
}

async function* networksOf(store: Store, runId: number): AsyncGenerator<Buffer> {
  for (const { id, step } of store.archiveRows.checkpointsOf(runId)) {
    const data = store.archiveRows.networksOf(id)
    if (data === null) throw new LabError('NOT_FOUND', `There is no checkpoint ${id} any more.`)
    yield packRecord({ key: step, data })
  }
}
