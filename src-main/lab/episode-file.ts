import { createHash } from 'node:crypto'
import { z } from 'zod'
import packageJson from '../../package.json' with { type: 'json' }
import { type EpisodeFrames, episode } from '../contract/episodes.ts'
import { timestamp } from '../contract/numbers.ts'
import { provenance } from '../contract/runs.ts'
import { sceneDescription } from '../contract/scenes.ts'
import { runSpecification } from '../contract/transfer.ts'
import { decodeArrays, encodeArrays } from '../store/array-codec.ts'
import { recordedFrames } from '../training/from-worker.ts'
import type { ArrayBundle } from '../training/messages.ts'
import { environmentOf } from './checkpoint-agents.ts'
import { LabError } from './errors.ts'

/**
 * One episode as one file, in the format of the lab's own arrays (docs/episode-file.md): magic, SHA-256, a JSON header, typed arrays. It carries all that
 * a replay shows, and the poses of the moving bodies for those who have no simulator.
 */
export const episodeFileName = 'sqrl-lab-episode'
export const episodeFileVersion = 1

/** A file comes from somebody else: what goes beyond these is refused before it is unpacked. */
export const episodeFileLimits = { bytes: 64 * 2 ** 20, unpackedBytes: 512 * 2 ** 20 }

const head = z.object({ format: z.literal(episodeFileName), version: z.int().positive() })

const values = head.extend({
  application: z.string().max(200),
  exportedAt: timestamp,
  /** How its lab called it, such as: Episode 17. */
  title: z.string().min(1).max(200),
  /** Experiment and run in its lab. */
  origin: z.string().max(400),
  episode: episode
    .omit({ id: true, runId: true, hasFrames: true })
    .extend({ index: episode.shape.index.nullable(), cause: z.string().max(1000).nullable() }),
  specification: runSpecification,
  provenance: provenance.nullable(),
  epsilonSafe: z.number().nullable(),
  scene: sceneDescription,
  stateNames: z.array(z.string().max(200)).max(10_000),
  marks: z
    .array(
      z.object({
        frame: z.int().nonnegative(),
        lastFrame: z.int().positive().nullable().default(null),
        label: z.string().min(1).max(120),
      }),
    )
    .max(1000),
  /** Of the checkpoint that acted, or nearly: where it stood in its run, and what its networks hash to. */
  checkpoint: z.object({ step: z.int().nonnegative(), sha256: z.string().regex(/^[\da-f]{64}$/) }).nullable(),
})
export type EpisodeFileValues = Omit<z.infer<typeof values>, 'format' | 'version' | 'application'>

/** With the states of all frames, so that others can read them without a simulator. */
const arrays = z.object({
  states: z.instanceof(Float64Array),
  ...recordedFrames.omit({ stateEvery: true, keptStates: true }).shape,
  poses: z.instanceof(Float32Array),
})

export interface EpisodeFile extends EpisodeFileValues {
  frames: EpisodeFrames
  poses: Float32Array
}

export function encodeEpisodeFile({ frames, poses, ...rest }: EpisodeFile): Buffer {
  const application = `SQRL Lab ${packageJson.version}`
  const parsed = values.parse({ format: episodeFileName, version: episodeFileVersion, application, ...rest })
  return encodeArrays({ values: parsed, arrays: { ...frames, poses } })
}

/** Whether bytes begin as an episode's file does. */
export function isEpisodeFile(beginning: Uint8Array): boolean {
  return Buffer.from(beginning.subarray(0, 7)).toString('latin1') === 'SQRLarr'
}

/** Rejects with a LabError where it is damaged, of a newer version, or does not fit the environment that it names. */
export async function decodeEpisodeFile(bytes: Uint8Array, name: string): Promise<EpisodeFile> {
  const { values: header, arrays: packed } = unpack(bytes, name)
  const parsedHead = head.safeParse(header)
  if (!parsedHead.success) throw refused(name, 'is no episode of SQRL Lab')
  if (parsedHead.data.version > episodeFileVersion)
    throw refused(
      name,
      `was written by a newer version of SQRL Lab (its format is ${parsedHead.data.version}, this one reads up to ${episodeFileVersion}). Update SQRL Lab`,
    )
  const parsed = values.safeParse(header)
  const parsedArrays = arrays.safeParse(packed)
  if (!parsed.success || !parsedArrays.success) throw refused(name, 'lacks something that an episode has')
  const { poses, ...frames } = parsedArrays.data
  const { format: _, version: __, application: ___, ...file } = parsed.data
  await checkFit(file, frames, name)
  return { ...file, frames, poses }
}

/** The same for the same networks, however a lab has packed them. */
export function networksDigest({ arrays: networks }: ArrayBundle): string {
  const hash = createHash('sha256')
  for (const [name, array] of Object.entries(networks).sort(([one], [other]) => (one < other ? -1 : 1))) {
    hash.update(`${name} ${array.constructor.name} ${array.length}\n`)
    hash.update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength))
  }
  return hash.digest('hex')
}

function unpack(bytes: Uint8Array, name: string): ArrayBundle {
  if (bytes.byteLength > episodeFileLimits.bytes) throw refused(name, 'is larger than an episode may be')
  try {
    return decodeArrays(bytes, 'the episode', episodeFileLimits.unpackedBytes)
  } catch (cause) {
    throw refused(name, 'is damaged or was changed: its checksum or its parts do not fit', cause)
  }
}

async function checkFit(
  { episode: facts, specification, marks }: EpisodeFileValues,
  frames: EpisodeFile['frames'],
  name: string,
): Promise<void> {
  const length = frames.rewards.length
  const sizes = await environmentOf(specification.task).catch((cause: unknown) => {
    throw refused(name, 'plays on a task that this version of SQRL Lab does not have', cause)
  })
  const candidates = length === 0 ? 0 : frames.candidateQSafe.length / length
  const fits =
    length > 0 &&
    facts.length === length &&
    frames.states.length === (length + 1) * sizes.stateSize &&
    frames.actions.length === length * sizes.actionSize &&
    frames.qSafe.length === length &&
    frames.chosen.length === length &&
    Number.isInteger(candidates) &&
    frames.candidates.length === length * candidates * sizes.actionSize &&
    marks.every(
      ({ frame, lastFrame }) =>
        frame <= length && (lastFrame === null || (lastFrame > frame && lastFrame <= length)),
    )
  if (!fits) throw refused(name, 'holds arrays that do not fit each other')
}

function refused(name: string, why: string, cause?: unknown): LabError {
  return new LabError('INVALID', `${name} ${why}. Nothing was changed.`, { cause })
}
