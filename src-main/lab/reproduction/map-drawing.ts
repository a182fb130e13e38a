import type { CsvColumn } from '../../contract/figures/csv.ts'
import type { Figure, FigureLine } from '../../contract/figures/figure.ts'
import { drunkSpiderParameters } from '../../environments/drunk-spider.ts'
import { lookOf, seedsOf } from './looks.ts'
import { labelOf } from './measured.ts'
import type { Arm } from './measurement.ts'
import type { TargetTask } from './request.ts'

/** Its cells are squares. */
export const MAP_SIZE = { width: 474, height: 556, isAlone: true }
/** Walks of each seed that are drawn; more would cover each other. */
const DRAWN = 8

/** Walks over the map, seen from above; the first row is at the top. */
export function ways(title: string, target: TargetTask | undefined, arms: readonly Arm[]): Figure {
  const { map, start, goal } = drunkSpiderParameters.parse(target?.task ?? {})
  const lava = map.flatMap((line, row) =>
    [...line].flatMap((cell, column) =>
      cell === '#'
        ? [{ x: { from: column, to: column + 1 }, y: { from: -row, to: -row - 1 }, colour: 'var(--failure)' }]
        : [],
    ),
  )
  return {
    title,
    xLabel: 'column',
    yLabel: 'row',
    caption: `Masked walks of the final policies, ${DRAWN} of each seed; the lava is orange.${seedsOf(arms)}`,
    x: { from: 0, to: map[0]?.length ?? 1 },
    y: { from: -map.length, to: 0 },
    formatX: String,
    formatY: (value) => String(Math.abs(value)),
    lines: arms.flatMap((arm) => linesOf(arms, arm)),
    points: Object.entries({ start, goal }).map(([text, [row, column]]) => ({
      label: text,
      text,
      x: column,
      y: -row,
      colour: 'var(--ink)',
      marker: 'circle',
      size: 4,
    })),
    areas: lava,
    thresholds: [],
  }
}

function linesOf(arms: readonly Arm[], arm: Arm): FigureLine[] {
  const { colour, dash } = lookOf(arms, arm)
  const bySeed = [...Map.groupBy(arm.walks, ({ seed }) => seed).values()]
  return bySeed
    .flatMap((walks) => walks.slice(0, DRAWN))
    .map(({ rows, columns }, index) => ({
      label: labelOf(arm),
      x: columns,
      y: rows.map((row) => -row),
      colour,
      dash,
      width: 1,
      opacity: 0.55,
      // One line of the legend stands for all.
      isAside: index > 0,
    }))
}

/** A row per walk: how each passed the lava and ended. */
export function wayColumns(arms: readonly Arm[]): CsvColumn[] {
  const walks = arms.flatMap((arm) => arm.walks.map((walk) => ({ label: labelOf(arm), ...walk })))
  return [
    { name: 'method', values: walks.map(({ label }) => label) },
    { name: 'seed', values: walks.map(({ seed }) => seed) },
    { name: 'way', values: walks.map(({ way }) => way) },
    { name: 'outcome', values: walks.map(({ outcome }) => outcome) },
    { name: 'rows', values: walks.map(({ rows }) => path(rows)) },
    { name: 'columns', values: walks.map(({ columns }) => path(columns)) },
  ]
}

const path = (places: readonly number[]): string => places.map((place) => place.toFixed(3)).join(' ')
