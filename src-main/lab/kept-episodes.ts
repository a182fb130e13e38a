import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import type { EpisodeReference, KeptEpisode } from '../contract/episode-references.ts'
import type { Checkpoint, Run } from '../contract/runs.ts'
import { toLabError } from '../store/errors.ts'
import { environmentOf } from './checkpoint-agents.ts'
import type { LabContext } from './context.ts'
import {
  decodeEpisodeFile,
  type EpisodeFile,
  encodeEpisodeFile,
  episodeFileLimits,
  isEpisodeFile,
  networksDigest,
} from './episode-file.ts'
import { LabError } from './errors.ts'
import type { EpisodeOpener } from './replayed-episodes.ts'
import { motionsOf } from './simulation.ts'

type Parts = Pick<LabContext, 'store'>

export type KeptReader = ReturnType<typeof keptReader>

/** Episodes that came in a file, as this lab finds them. */
export function keptReader({ store }: Parts) {
  return {
    async read(id: number): Promise<EpisodeFile> {
      const data = store.keptEpisodes.getData(id)
      if (data === null)
        throw new LabError('NOT_FOUND', `There is no kept episode ${id}; it may have been removed.`)
      return decodeEpisodeFile(data, `Kept episode ${id}`)
    },

    /** The checkpoint that acted in it, if this lab has the same networks. */
    findCheckpoint({ checkpoint, specification }: EpisodeFile): { checkpoint: Checkpoint; run: Run } | null {
      if (checkpoint === null) return null
      const { method, seed } = specification
      for (const run of store.runs.list()) {
        if (run.specification.method !== method || run.specification.seed !== seed) continue
        const found = store.checkpoints.listOfRun(run.id).find(({ step }) => step === checkpoint.step)
        const networks = found && store.checkpoints.getNetworks(found.id)
        if (networks && networksDigest(networks) === checkpoint.sha256) return { checkpoint: found, run }
      }
      return null
    },

    /** A run that has its task. */
    findRunOfTask({ specification }: EpisodeFile): number | null {
      const wanted = JSON.stringify(specification.task)
      return store.runs.list().find((run) => JSON.stringify(run.specification.task) === wanted)?.id ?? null
    },
  }
}

/** Single episodes as files: written for others, and taken from them. */
export function keptEpisodeCases({ store }: Parts, opener: EpisodeOpener) {
  const encode = async (reference: EpisodeReference): Promise<Uint8Array> => {
    if ('keptId' in reference) {
      const data = store.keptEpisodes.getData(reference.keptId)
      if (data !== null) return data
    }
    const { title, episode, frames, specification, run, task, epsilonSafe, checkpointId } =
      await opener.open(reference)
    const environment = await environmentOf(task)
    const networks = checkpointId === null ? null : store.checkpoints.getNetworks(checkpointId)
    const checkpoint = checkpointId === null ? null : store.checkpoints.get(checkpointId)
    const experiment = run && store.experiments.get(run.experimentId)
    const { id, ...facts } = episode
    return encodeEpisodeFile({
      exportedAt: Date.now(),
      title,
      origin: run === null ? '' : `${experiment?.name ?? `Experiment ${run.experimentId}`}, run ${run.id}`,
      episode: facts,
      specification,
      provenance: run?.provenance ?? null,
      epsilonSafe,
      scene: environment.scene,
      stateNames: [...environment.stateNames],
      marks:
        id === null
          ? []
          : store.marks.listOfEpisode(id).map(({ frame, lastFrame, label }) => ({ frame, lastFrame, label })),
      checkpoint: checkpoint && networks && { step: checkpoint.step, sha256: networksDigest(networks) },
      frames,
      poses: motionsOf(environment, frames.states).poses,
    })
  }

  return {
    /** What its file would be called. */
    async fileName(reference: EpisodeReference): Promise<string> {
      const { title, specification, episode } = await opener.open(reference)
      const { method, seed } = specification
      return `${title}, ${method}, seed ${seed}, step ${episode.step}.sqrlx`.replaceAll(/[^\w ,.-]/g, '')
    },

    /** Writes an episode to a file of its own, and reads it back before the file gets its name. */
    async export(reference: EpisodeReference, file: string): Promise<{ bytes: number }> {
      const target = resolve(file)
      const partial = `${target}.partial`
      if (existsSync(target))
        throw new LabError(
          'CONFLICT',
          `There is a file ${target} already. Choose another name, or move it away.`,
        )
      const bytes = await encode(reference)
      try {
        await using handle = await open(partial, 'w')
        await handle.writeFile(bytes)
        await handle.sync()
        await decodeEpisodeFile(readFileSync(partial), target)
        await rename(partial, target)
        return { bytes: bytes.byteLength }
      } catch (error) {
        await rm(partial, { force: true })
        throw toLabError(error, dirname(target))
      }
    },

    /** Whether a file holds one episode rather than an experiment. */
    async isEpisode(file: string): Promise<boolean> {
      if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return false
      await using handle = await open(file)
      const { buffer } = await handle.read(Buffer.alloc(8), 0, 8, 0)
      return isEpisodeFile(buffer)
    },

    /** Takes an episode from its file into the lab, to be replayed; the same file again is the same episode. */
    async import(file: string): Promise<KeptEpisode> {
      const path = resolve(file)
      const name = basename(path)
      if (statSync(path).size > episodeFileLimits.bytes)
        throw new LabError('INVALID', `${name} is larger than an episode may be. Nothing was changed.`)
      const bytes = readFileSync(path)
      const { title, origin } = await decodeEpisodeFile(bytes, name)
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      const id = store.transaction(() =>
        store.keptEpisodes.insert(origin === '' ? title : `${title} of ${origin}`, sha256, bytes, Date.now()),
      )
      const kept = store.keptEpisodes.list().find((one) => one.id === id)
      if (kept === undefined) throw new Error(`Kept episode ${id} vanished while it was written.`)
      return kept
    },

    list: (): KeptEpisode[] => store.keptEpisodes.list(),
    remove(id: number): void {
      if (!store.transaction(() => store.keptEpisodes.delete(id)))
        throw new LabError('NOT_FOUND', `There is no kept episode ${id}; it may have been removed.`)
    },
  }
}
