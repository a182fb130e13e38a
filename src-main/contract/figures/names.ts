import { cutInMiddle } from './cut.ts'
import type { FigureLine, FigurePoint } from './figure.ts'
import type { Layout, Shape } from './layout.ts'

const ink = 'var(--ink)'
/** Between two lines of text, in pixels. */
export const LINE = 14
/** Wide enough for capitals. */
export const LETTER = 8
/** Of most names and titles: cutting them need not be as careful as keeping them apart. */
const USUAL_LETTER = 6
/** Room for a piece of the line before its name. */
export const LEGEND_SAMPLE = 26

type ToPixels = (value: number) => number

/** Names points beside them, moved down where they would lie on each other. */
export function pointTexts(
  points: readonly FigurePoint[],
  toX: ToPixels,
  toY: ToPixels,
  plot: Layout['plot'],
): Shape[] {
  const placed: { left: number; right: number; y: number }[] = []
  return points
    .filter(({ text }) => text !== undefined)
    .toSorted((a, b) => b.y - a.y)
    .map(({ text = '', x, y, size, key }) => {
      const gap = size + 6
      const at = toX(x)
      const [leftRoom, rightRoom] = [at - gap - plot.left, plot.right - at - gap]
      const isLeft = text.length * LETTER > rightRoom && leftRoom > rightRoom
      const name = cutInMiddle(text, Math.max(leftRoom, rightRoom) / LETTER)
      const width = name.length * LETTER
      const left = isLeft ? at - gap - width : at + gap
      const spot = { left, right: left + width, y: toY(y) - 7 }
      for (const other of placed)
        if (spot.left < other.right && spot.right > other.left && Math.abs(spot.y - other.y) < LINE)
          spot.y = other.y + LINE
      placed.push(spot)
      placed.sort((a, b) => a.y - b.y)
      const keyed = key === undefined ? {} : { key }
      const place = isLeft
        ? { x: left + width, anchor: 'end' as const }
        : { x: left, anchor: 'start' as const }
      return { kind: 'text', ...place, y: spot.y, text: name, size: 11, colour: ink, ...keyed }
    })
}

/** Names lines at their right ends, moved apart where they would lie on each other. */
export function endLabels(
  lines: readonly FigureLine[],
  toY: ToPixels,
  plot: Layout['plot'],
  width: number,
): Shape[] {
  const x = plot.right + 6
  const labels = lines.flatMap(({ endLabel, y, key }) => {
    let index = y.length - 1
    while (index >= 0 && Number.isNaN(y[index])) index--
    return endLabel === undefined || index < 0 ? [] : [{ endLabel, at: toY(y[index] ?? 0), key }]
  })
  labels.sort((a, b) => a.at - b.at)
  for (const [index, label] of labels.entries()) {
    const above = labels[index - 1]
    if (above) label.at = Math.max(label.at, above.at + LINE)
  }
  // What would fall out at the bottom pushes the ones above it up.
  for (let index = labels.length - 1; index >= 0; index--) {
    const label = labels[index]
    if (label) label.at = Math.min(label.at, (labels[index + 1]?.at ?? plot.bottom + LINE) - LINE)
  }
  return labels.map(({ endLabel, at, key }) => ({
    kind: 'text',
    x,
    y: at + 4,
    text: cutInMiddle(endLabel, (width - x) / USUAL_LETTER),
    size: 11,
    anchor: 'start',
    colour: ink,
    ...(key === undefined ? {} : { key }),
  }))
}

/** Names lines with a piece of each, inside the plot or beside it. */
export function legendOf(
  lines: readonly FigureLine[],
  plot: Layout['plot'],
  isOutside: boolean,
  pictureWidth: number,
): Shape[] {
  return lines.flatMap(({ label, colour, width, dash, key }, index): Shape[] => {
    const y = plot.top + 10 + index * LINE
    const keyed = key === undefined ? {} : { key }
    const x = (isOutside ? plot.right : plot.left) + 10
    return [
      {
        kind: 'path',
        isLegend: true,
        d: `M${x} ${y}h20`,
        stroke: colour,
        width,
        ...(dash?.length ? { dash } : {}),
        ...keyed,
      },
      {
        kind: 'text',
        x: x + LEGEND_SAMPLE,
        y: y + 4,
        text: cutInMiddle(label, (pictureWidth - x - LEGEND_SAMPLE) / USUAL_LETTER),
        size: 11,
        anchor: 'start',
        colour: ink,
        ...keyed,
      },
    ]
  })
}

/** Two lines at most; a title that is longer still loses its middle. */
export function titleLines(title: string, room: number): string[] {
  const letters = Math.floor(room / USUAL_LETTER)
  return wrap(cutInMiddle(title, 1.8 * letters), letters).slice(0, 2)
}

/** Lines of at most so many letters. */
export function wrap(text: string, letters: number): string[] {
  const rows: string[] = []
  for (const word of text.split(' ')) {
    const last = rows.at(-1)
    if (last !== undefined && last.length + word.length < letters) rows[rows.length - 1] = `${last} ${word}`
    else rows.push(word)
  }
  return rows.filter(Boolean)
}
