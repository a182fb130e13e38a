import type { Parallel } from './parallel.ts'

/** Where the axes stand, in CSS pixels. */
export interface Frame {
  width: number
  height: number
  top: number
  bottom: number
  xs: readonly number[]
}

const OUTSIDE = 0.1
const INSIDE = 0.7
/** Dashes of more lines than these lie on each other until none can be told, and take the most time to draw. */
const MOST_DASHED = 60

/** Axes and lines, those outside the ranges first. A stroke per run: one path for many that cross takes twice as long to fill. */
export function drawParallel(
  canvas: HTMLCanvasElement,
  { width, height, top, bottom, xs }: Frame,
  { axes, runs }: Parallel,
  within: ReadonlySet<number> | null,
  focus: string | null,
  resolve: (colour: string) => string,
): void {
  const ratio = window.devicePixelRatio
  canvas.width = Math.round(width * ratio)
  canvas.height = Math.round(height * ratio)
  const context = canvas.getContext('2d')
  if (context === null) return
  context.scale(ratio, ratio)
  context.strokeStyle = resolve('var(--line-control)')
  context.lineWidth = 1
  for (const x of xs) {
    context.beginPath()
    context.moveTo(Math.round(x) + 0.5, top)
    context.lineTo(Math.round(x) + 0.5, bottom)
    context.stroke()
  }
  const isOut = ({ id, look }: Parallel['runs'][number]) =>
    (within !== null && !within.has(id)) || (focus !== null && focus !== look.id)
  const order = [...runs.entries()].sort(([, a], [, b]) => Number(isOut(b)) - Number(isOut(a)))
  const colours = new Map(runs.map(({ look }) => [look.id, resolve(look.colour)]))
  context.lineWidth = 1.25
  for (const [index, run] of order) {
    context.globalAlpha = isOut(run) ? OUTSIDE : INSIDE
    context.strokeStyle = colours.get(run.look.id) ?? ''
    context.setLineDash(runs.length <= MOST_DASHED ? run.look.dash : [])
    context.beginPath()
    let isBroken = true
    for (const [at, { places }] of axes.entries()) {
      const place = places[index] ?? null
      if (place === null) {
        isBroken = true
        continue
      }
      const [x, y] = [xs[at] ?? 0, bottom - place * (bottom - top)]
      if (isBroken) context.moveTo(x, y)
      else context.lineTo(x, y)
      isBroken = false
    }
    context.stroke()
  }
}
