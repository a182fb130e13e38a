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

/** Axes and lines, those outside the ranges first; a stroke per group, whatever the number of its runs. */
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
  const bundles = new Map<string, { path: Path2D; colour: string; dash: number[]; opacity: number }>()
  for (const [index, { id, look }] of runs.entries()) {
    const isOut = (within !== null && !within.has(id)) || (focus !== null && focus !== look.id)
    const key = `${isOut ? 0 : 1} ${look.id}`
    const bundle = bundles.get(key) ?? {
      path: new Path2D(),
      colour: look.colour,
      dash: look.dash,
      opacity: isOut ? OUTSIDE : INSIDE,
    }
    bundles.set(key, bundle)
    let isBroken = true
    for (const [at, { places }] of axes.entries()) {
      const place = places[index] ?? null
      if (place === null) {
        isBroken = true
        continue
      }
      const [x, y] = [xs[at] ?? 0, bottom - place * (bottom - top)]
      if (isBroken) bundle.path.moveTo(x, y)
      else bundle.path.lineTo(x, y)
      isBroken = false
    }
  }
  for (const [, { path, colour, dash, opacity }] of [...bundles].sort(([a], [b]) => (a < b ? -1 : 1))) {
    context.globalAlpha = opacity
    context.strokeStyle = resolve(colour)
    context.lineWidth = 1.25
    context.setLineDash(runs.length <= MOST_DASHED ? dash : [])
    context.stroke(path)
  }
}
