import type { Outcome } from '../../contract/episodes.ts'
import type { BranchRequest } from '../../contract/replays.ts'
import type { Vector } from '../../contract/scenes.ts'
import { LabError } from '../../lab/errors.ts'
import { wilsonInterval } from '../../statistics/proportions.ts'
import { withLab } from './lab-folder.ts'
import { formatNumber, formatPercent, report } from './output.ts'
import type { ReadOptions } from './read.ts'

export interface BranchCommandOptions extends ReadOptions {
  frame: number
  branches: number
  /** Whose policy acts; left out: the last checkpoint before the episode. */
  checkpoint?: number
  epsilonSafe?: number
  unmasked: boolean
  recordedNoise: boolean
  /** N s. */
  push?: Vector
}

/** Goes on from a frame of a recorded episode, many times, and counts how many fail. */
export function branchEpisode(episodeId: number, options: BranchCommandOptions): Promise<void> {
  if (options.branches > 1000)
    throw new LabError(
      'INVALID',
      `--branches takes a whole number from 1 to 1000, not "${options.branches}".`,
    )
  return withLab(options.lab, { train: false, mustExist: true }, async (lab) => {
    const checkpointId = options.checkpoint ?? (await lab.replays.get({ episodeId })).checkpointId
    if (checkpointId === null)
      throw new LabError(
        'INVALID',
        `Episode ${episodeId} is older than the first checkpoint of its run. Name one with --checkpoint.`,
      )
    const request: BranchRequest = {
      episodeId,
      frame: options.frame,
      checkpointId,
      masked: !options.unmasked,
      actions: 'sampled',
      noise: options.recordedNoise ? 'recorded' : 'seeded',
      seeds: Array.from({ length: options.branches }, (_, seed) => seed),
      ...(options.epsilonSafe === undefined ? {} : { epsilonSafe: options.epsilonSafe }),
      ...(options.push === undefined ? {} : { push: options.push }),
    }
    const outcomes: Outcome[] = []
    for await (const { simulated } of lab.replays.branch(request)) outcomes.push(simulated.outcome)
    const count = (outcome: Outcome) => outcomes.filter((other) => other === outcome).length
    const failures = count('failure')
    const { low, high } = wilsonInterval({ events: failures, trials: outcomes.length })
    const { seeds, ...conditions } = request
    const result = {
      ...conditions,
      branches: outcomes.length,
      successes: count('success'),
      failures,
      timeouts: count('timeout'),
      failureRate: failures / outcomes.length,
      failureRateLow: low,
      failureRateHigh: high,
    }
    report(
      options.json,
      result,
      () =>
        `From frame ${request.frame} of episode ${episodeId}, ${request.push ? `pushed by ${formatNumber(Math.hypot(...request.push))} N s, ` : ''}${request.masked ? 'with' : 'without'} the mask: ${failures} of ${outcomes.length} branches fail, ${formatPercent(result.failureRate)} (95 % interval ${formatPercent(low)} to ${formatPercent(high)}); ${result.successes} succeed, ${result.timeouts} time out.`,
    )
  })
}
