/** Where the axes stand, in CSS pixels. */
export interface Frame {
  width: number
  height: number
  top: number
  bottom: number
  xs: readonly number[]
}

/** Of one run. */
export interface ParallelLine {
  /** On each axis, from 0 at the bottom to 1 at the top; null where the run has no value. */
  places: readonly (number | null)[]
  colour: string
  dash: readonly number[]
}

export interface ParallelView {
  frame: Frame
  /** Device pixels for one of CSS. */
  ratio: number
  axisColour: string
  /** Of each line: whether it stands behind the others. */
  isFaint: readonly boolean[]
}

const FAINT = 0.1
const PLAIN = 0.7
/**
 * More lines than these lie on each other: none can be told by its dashes, and dashes take the most time to draw. One device pixel wide they
 * take a quarter of the time of wider ones, which are outlined and filled.
 */
const MANY = 60

type Context = OffscreenCanvasRenderingContext2D

/** Axes and lines, the faint ones first. A stroke for each: one path for many that cross takes twice as long to fill. */
export function drawParallel(context: Context, lines: readonly ParallelLine[], view: ParallelView): void {
  const { frame, ratio, axisColour, isFaint } = view
  const { width, height, top, bottom, xs } = frame
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  context.globalAlpha = 1
  context.clearRect(0, 0, width, height)
  context.setLineDash([])
  context.strokeStyle = axisColour
  context.lineWidth = 1
  for (const x of xs) {
    context.beginPath()
    context.moveTo(Math.round(x) + 0.5, top)
    context.lineTo(Math.round(x) + 0.5, bottom)
    context.stroke()
  }
  const areMany = lines.length > MANY
  context.lineWidth = areMany ? 1 / ratio : 1.25
  for (const faint of [true, false]) {
    context.globalAlpha = faint ? FAINT : PLAIN
    for (const [index, { places, colour, dash }] of lines.entries()) {
      if ((isFaint[index] ?? false) !== faint) continue
      context.strokeStyle = colour
      if (!areMany) context.setLineDash([...dash])
      strokeLine(context, places, frame)
    }
  }
}

/** Broken where there is no value. */
function strokeLine(context: Context, places: ParallelLine['places'], { xs, top, bottom }: Frame): void {
  context.beginPath()
  let isBroken = true
  for (const [at, place] of places.entries()) {
    if (place !== null) {
      const [x, y] = [xs[at] ?? 0, bottom - place * (bottom - top)]
      if (isBroken) context.moveTo(x, y)
      else context.lineTo(x, y)
    }
    isBroken = place === null
  }
  context.stroke()
}
