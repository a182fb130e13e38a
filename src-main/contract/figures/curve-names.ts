import type { EpisodeFigure, XAxis } from '../comparisons.ts'
import { formatCount } from './number-words.ts'

/** How a figure over training is called and drawn. */
export interface FigureName {
  label: string
  unit?: string
  /** What one run's curve is. */
  help: string
  /** Numbers are drawn this many times as large: shares as percent. */
  scale: number
  floor: number | null
  isStep: boolean
}

export function episodeFigureName(name: EpisodeFigure, window: number): FigureName {
  const last = `the last ${formatCount(window)}`
  switch (name) {
    case 'return':
      return {
        label: 'Return',
        help: `Mean of ${last} policy episodes`,
        scale: 1,
        floor: null,
        isStep: false,
      }
    case 'success':
      return {
        label: 'Success',
        unit: '%',
        help: `Share of successes among ${last} policy episodes`,
        scale: 100,
        floor: 0,
        isStep: false,
      }
    case 'failureRate':
      return {
        label: 'Failure rate',
        unit: '%',
        help: `Failed share of ${last} training episodes and extra rollouts`,
        scale: 100,
        floor: 0,
        isStep: false,
      }
    case 'overallFailureRate':
      return {
        label: 'Failure rate so far',
        unit: '%',
        help: 'Failed share of all training episodes and extra rollouts so far',
        scale: 100,
        floor: 0,
        isStep: false,
      }
    case 'cumulativeFailures':
      return {
        label: 'Cumulative failures',
        help: 'Failures in training and in extra rollouts; evaluation is not counted',
        scale: 1,
        floor: 0,
        isStep: true,
      }
  }
}

/** What x counts, as an axis title, and for one place on it. */
export const axisNames: Record<XAxis, { title: string; one: string; option: string }> = {
  steps: { title: 'Policy steps', one: 'step', option: 'policy steps' },
  episodes: { title: 'Training episodes and extra rollouts', one: 'episode', option: 'episodes' },
  seconds: { title: 'Training time (s)', one: 'second', option: 'wall time' },
  failures: { title: 'Failures so far', one: 'failure', option: 'failures so far' },
}

const decimals = new Intl.NumberFormat('en', { maximumFractionDigits: 2 })

export const formatX = (axis: XAxis) =>
  axis === 'seconds' ? (value: number) => decimals.format(value) : formatCount
