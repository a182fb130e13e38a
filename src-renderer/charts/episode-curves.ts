import type { Episode, MethodName } from '../../src-main/contract/index.ts'
import { methodMarks } from '../text/names.ts'
import type { ChartData } from './curves.ts'
import { cumulativeSum, trailingMean } from './smoothing.ts'

/** Episodes whose failures count: evaluation stands apart. */
export function countedEpisodes(episodes: readonly Episode[]): Episode[] {
  return episodes.filter(({ kind }) => kind !== 'evaluation')
}

/** Return of the policy's own episodes: a dot each, a cross in the colour of failure where it failed, and the mean of the last `window`. */
export function returnCurves(episodes: readonly Episode[], method: MethodName, window: number): ChartData {
  const own = episodes.filter(({ kind }) => kind === 'training')
  const values = own.map((episode) => episode.return)
  const { colour } = methodMarks[method]
  return {
    x: own.map(({ step }) => step),
    curves: [
      {
        label: 'episode',
        values: own.map((episode) => (episode.outcome === 'failure' ? null : episode.return)),
        colour: faint(colour),
        style: 'dots',
      },
      {
        label: 'failed episode',
        values: own.map((episode) => (episode.outcome === 'failure' ? episode.return : null)),
        colour: 'var(--failure)',
        style: 'crosses',
        opacity: 0.85,
      },
      {
        label: `mean of ${window}`,
        values: trailingMean(values, window),
        colour,
        style: 'line',
        width: 2,
      },
    ],
  }
}

/** Raw values stay behind the line that averages them. */
function faint(colour: string): string {
  const share = (percent: number) => `color-mix(in srgb, ${colour} ${percent}%, transparent)`
  return `light-dark(${share(38)}, ${share(62)})`
}

/** A share of fewer episodes than this says next to nothing, and its leaps would stretch the axis. */
export const fewestForRate = 20

/** Failed share of the counted episodes: of the last `window`, and of all so far. */
export function failureRateCurves(
  episodes: readonly Episode[],
  method: MethodName,
  window: number,
): ChartData {
  const failed = failureFlags(episodes)
  const total = cumulativeSum(failed)
  const { colour } = methodMarks[method]
  return {
    x: episodes.map(({ step }) => step),
    curves: [
      {
        label: `last ${window}`,
        values: trailingMean(failed, window).map(toPercent),
        colour,
        style: 'line',
        width: 2,
        endLabel: `last ${window}`,
      },
      {
        label: 'all',
        values: total.map((failures, index) => toPercent(failures / (index + 1), index)),
        colour: 'var(--ink-muted)',
        style: 'line',
        width: 1.5,
        dash: [4, 3],
        endLabel: 'all',
      },
    ],
  }
}

export function cumulativeFailureCurves(episodes: readonly Episode[], method: MethodName): ChartData {
  return {
    x: episodes.map(({ step }) => step),
    curves: [
      {
        label: 'failures',
        values: cumulativeSum(failureFlags(episodes)),
        colour: methodMarks[method].colour,
        style: 'step',
        width: 2,
      },
    ],
  }
}

function toPercent(share: number, index: number): number | null {
  return index + 1 < fewestForRate ? null : share * 100
}

function failureFlags(episodes: readonly Episode[]): number[] {
  return episodes.map(({ outcome }) => (outcome === 'failure' ? 1 : 0))
}
