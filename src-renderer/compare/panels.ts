import type { Extent, Figure } from '../../src-main/contract/figures/figure.ts'
import type { Panel } from '../../src-main/contract/figures/group-looks.ts'
import type { ComparisonStatistics } from '../../src-main/contract/index.ts'
import type { UnpackedCurves } from './curve-data.ts'

/** The groups of one panel alone, with their arrays under their new places. */
export function curvesIn(curves: UnpackedCurves, { id }: Panel): UnpackedCurves {
  const places = curves.groups.flatMap(({ facet }, place) => (facet === id ? [place] : []))
  if (places.length === curves.groups.length) return curves
  const newPlaces = new Map(places.map((place, index) => [String(place), index]))
  return {
    ...curves,
    groups: curves.groups.filter(({ facet }) => facet === id),
    arrays: Object.fromEntries(
      Object.entries(curves.arrays).flatMap(([name, array]) => {
        const [figure, place, ...rest] = name.split('/')
        if (place === undefined) return [[name, array]]
        const index = newPlaces.get(place)
        return index === undefined ? [] : [[[figure, index, ...rest].join('/'), array]]
      }),
    ),
  }
}

export function statisticsIn(statistics: ComparisonStatistics, { id }: Panel): ComparisonStatistics {
  const groups = statistics.groups.filter(({ facet }) => facet === id)
  const ids = new Set(groups.map((group) => group.id))
  return { ...statistics, groups, results: statistics.results.filter(({ groupId }) => ids.has(groupId)) }
}

/** Extent that holds all of them; null without any. */
export function unionOf(extents: readonly (Extent | null)[]): Extent | null {
  const known = extents.filter((extent) => extent !== null)
  if (known.length === 0) return null
  return {
    from: Math.min(...known.map(({ from }) => from)),
    to: Math.max(...known.map(({ to }) => to)),
  }
}

/** Figures of several panels over one x axis, and over one y axis where they share it. */
export function align<T extends Figure>(figures: readonly T[], sharesY: boolean): T[] {
  const x = unionOf(figures.map((figure) => figure.x))
  const y = unionOf(figures.map((figure) => figure.y))
  return figures.map((figure) => ({ ...figure, x: x ?? figure.x, y: (sharesY && y) || figure.y }))
}
