import { type EpisodeReference, type FreshEpisode, freshEpisode } from '../../src-main/contract/index.ts'
import { formatCount, formatMark } from '../text/numbers.ts'

type QueryValues = Readonly<Record<string, string | null | undefined | readonly (string | null)[]>>

/** Fresh episodes of one checkpoint under the same conditions, one for each of so many seeds in a row. */
export interface FreshSeries {
  conditions: Omit<FreshEpisode, 'seed'>
  firstSeed: number
  count: number
}

export const mostEpisodes = 1000

/** Equal for what is the same episode. */
export function referenceKey(reference: EpisodeReference): string {
  if ('episodeId' in reference) return `episode ${reference.episodeId}`
  if ('keptId' in reference) return `kept ${reference.keptId}`
  return `fresh ${JSON.stringify(Object.entries(reference.fresh).sort())}`
}

/** Such as: Episode 17, or Fresh episode, seed 3. */
export function referenceName(reference: EpisodeReference): string {
  if ('episodeId' in reference) return `Episode ${reference.episodeId}`
  if ('keptId' in reference) return `Shared episode ${reference.keptId}`
  return `Fresh episode, seed ${reference.fresh.seed}`
}

/** The fresh episode that an address names; null: it names none. */
export function readFresh(query: QueryValues): FreshEpisode | null {
  const text = (name: string) => [query[name]].flat()[0] ?? undefined
  const number = (name: string) => {
    const written = text(name)
    return written === undefined || written.trim() === '' ? undefined : Number(written)
  }
  const parsed = freshEpisode.safeParse({
    checkpointId: number('agent'),
    masked: text('mask') === '1',
    epsilonSafe: number('epsilon'),
    actions: text('actions'),
    taskOfRunId: number('task'),
    start: text('start'),
    seed: number('seed') ?? 0,
  })
  return parsed.success ? parsed.data : null
}

/** What a replay's address names: a recorded episode by its id, one out of a file, or a fresh one by its numbers; null: nothing. */
export function readReference(
  id: string | string[] | undefined,
  query: QueryValues,
): EpisodeReference | null {
  if (typeof id === 'string' && id !== '') return { episodeId: Number(id) }
  const keptId = Number(query.kept)
  if (Number.isSafeInteger(keptId) && keptId > 0) return { keptId }
  const fresh = readFresh(query)
  return fresh && { fresh }
}

/** The episodes among which an address names one. */
export function readSeries(query: QueryValues): FreshSeries | null {
  const fresh = readFresh(query)
  if (fresh === null) return null
  const { seed, ...conditions } = fresh
  const whole = (value: unknown, otherwise: number, least: number, most: number) => {
    const number = typeof value === 'string' && value !== '' ? Number(value) : Number.NaN
    return Number.isInteger(number) && number >= least && number <= most ? number : otherwise
  }
  const firstSeed = whole(query.first, Math.min(seed, 0), 0, 2 ** 31 - 1 - mostEpisodes)
  return { conditions, firstSeed, count: whole(query.episodes, 1, 1, mostEpisodes) }
}

/** Address of one of these episodes. */
export function freshLink({ conditions, firstSeed, count }: FreshSeries, seed = firstSeed) {
  const { checkpointId, masked, epsilonSafe, actions, taskOfRunId, start } = conditions
  const query: Record<string, string> = { agent: String(checkpointId), mask: masked ? '1' : '0' }
  if (masked && epsilonSafe !== undefined) query.epsilon = String(epsilonSafe)
  if (actions !== 'sampled') query.actions = actions
  if (taskOfRunId !== undefined) query.task = String(taskOfRunId)
  if (start !== 'fixed') query.start = start
  if (firstSeed !== 0) query.first = String(firstSeed)
  query.episodes = String(count)
  query.seed = String(seed)
  return { path: '/replay', query: { ...query, panel: 'fresh' } }
}

/** Address of an episode that came in a file. */
export const keptLink = (keptId: number): string => `/replay?kept=${keptId}`

/** Twenty fresh episodes of a checkpoint as it would act by itself. */
export function watchLink(checkpointId: number, hasMask: boolean) {
  return freshLink({
    conditions: { checkpointId, masked: hasMask, actions: 'sampled', start: 'fixed' },
    firstSeed: 0,
    count: 20,
  })
}

export function seedsOf({ firstSeed, count }: FreshSeries): number[] {
  return Array.from({ length: count }, (_, index) => firstSeed + index)
}

/** Such as: mask at ε 0.1, most likely actions, random start. */
export function describeConditions(
  { masked, actions, start }: Omit<FreshEpisode, 'seed'>,
  epsilonSafe: number | null,
): string {
  const parts = [masked && epsilonSafe !== null ? `mask at ε ${formatMark(epsilonSafe)}` : 'no mask']
  if (actions === 'deterministic') parts.push('most likely actions')
  if (start === 'random') parts.push('random start')
  return parts.join(', ')
}

export const seriesName = ({ firstSeed, count }: FreshSeries): string =>
  count === 1
    ? `seed ${formatCount(firstSeed)}`
    : `seeds ${formatCount(firstSeed)} to ${formatCount(firstSeed + count - 1)}`
