import type { CalibrationProgress, CriticCalibration } from '../index.ts'
import type { CsvColumn } from './csv.ts'
import type { Figure, FigureLine } from './figure.ts'
import type { GroupLook } from './group-looks.ts'
import { formatMark } from './number-words.ts'

/** A safety critic that has been probed. */
export interface Probed {
  runId: number
  seed: number
  look: GroupLook
  calibration: CriticCalibration
}

export function probedRuns(
  calibrations: ReadonlyMap<number, CalibrationProgress>,
  seedOf: (runId: number) => number | undefined,
  lookOf: (runId: number) => GroupLook | undefined,
): Probed[] {
  return [...calibrations.values()].flatMap(({ runId, calibration }) => {
    const look = lookOf(runId)
    const seed = seedOf(runId)
    return calibration && look && seed !== undefined ? [{ runId, seed, look, calibration }] : []
  })
}

const diagonal: FigureLine = {
  label: 'diagonal',
  x: [0, 1],
  y: [0, 1],
  colour: 'var(--line-control)',
  width: 1,
  dash: [2, 3],
  isAside: true,
}
const unit = { from: -0.02, to: 1.02 }
const common = { formatX: formatMark, formatY: formatMark, x: unit, y: unit, thresholds: [], points: [] }

export function rocFigure(probed: readonly Probed[]): Figure {
  return {
    ...common,
    title: 'Receiver operating characteristic',
    xLabel: 'Share of the other steps refused',
    yLabel: 'Share of the fatal steps refused',
    caption:
      'Over all thresholds, of the steps probed; the marker is the run’s own threshold ε. On the diagonal Q_safe tells nothing.',
    lines: [
      diagonal,
      ...probed.map((one) =>
        lineOf(
          one,
          one.calibration.roc.map((point) => [point.falsePositiveRate, point.truePositiveRate]),
        ),
      ),
    ],
    points: probed.flatMap(({ runId, look, calibration }) => {
      const { recallAtEpsilon: y, falseAlarmRateAtEpsilon: x, epsilonSafe } = calibration
      if (x === null || y === null) return []
      return [
        {
          label: `Run ${runId} at ε = ${epsilonSafe}`,
          x,
          y,
          colour: look.colour,
          marker: look.marker,
          size: 4.5,
          key: look.id,
        },
      ]
    }),
  }
}

export function reliabilityFigure(probed: readonly Probed[]): Figure {
  return {
    ...common,
    title: 'Reliability',
    xLabel: 'Predicted failure probability (mean Q_safe of a bin)',
    yLabel: 'Share that failed within the horizon',
    caption:
      'In ten bins of Q_safe. Above the diagonal there is more danger than the critic says, below it less.',
    lines: [diagonal, ...probed.map((one) => lineOf(one, binsOf(one)))],
    points: probed.flatMap((one) =>
      binsOf(one).map(([x, y]) => ({
        label: `Run ${one.runId}`,
        x,
        y,
        colour: one.look.colour,
        marker: one.look.marker,
        size: 3,
        key: one.look.id,
      })),
    ),
  }
}

function binsOf({ calibration }: Probed): [number, number][] {
  return calibration.reliability.flatMap(({ predicted, observed }): [number, number][] =>
    predicted === null || observed === null ? [] : [[predicted, observed]],
  )
}

function lineOf({ runId, seed, look }: Probed, points: readonly (readonly [number, number])[]): FigureLine {
  return {
    label: `${look.label}, run ${runId}, seed ${seed}`,
    x: points.map(([x]) => x),
    y: points.map(([, y]) => y),
    colour: look.colour,
    dash: look.dash,
    width: 1.5,
    key: look.id,
    isAside: true,
  }
}

export function rocColumns(probed: readonly Probed[]): CsvColumn[] {
  return pointColumns(
    probed.flatMap(({ runId, calibration }) =>
      calibration.roc.map(({ falsePositiveRate, truePositiveRate }) => ({
        runId,
        x: falsePositiveRate,
        y: truePositiveRate,
      })),
    ),
    'false positive rate',
    'true positive rate',
  )
}

export function reliabilityColumns(probed: readonly Probed[]): CsvColumn[] {
  const bins = probed.flatMap(({ runId, calibration }) =>
    calibration.reliability.map((bin) => ({ runId, ...bin })),
  )
  return [
    ...pointColumns(
      bins.map(({ runId, predicted, observed }) => ({ runId, x: predicted, y: observed })),
      'predicted',
      'observed',
    ),
    { name: 'steps', values: bins.map(({ count }) => count) },
  ]
}

function pointColumns(
  points: readonly { runId: number; x: number | null; y: number | null }[],
  x: string,
  y: string,
): CsvColumn[] {
  return [
    { name: 'run', values: points.map(({ runId }) => runId) },
    { name: x, values: points.map((point) => point.x) },
    { name: y, values: points.map((point) => point.y) },
  ]
}
