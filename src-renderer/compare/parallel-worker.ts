import { drawParallel, type ParallelLine, type ParallelView } from './draw-parallel.ts'

/** The canvas comes first; then the lines whenever they change, and how they are seen. */
export type ToParallelWorker =
  | { type: 'canvas'; canvas: OffscreenCanvas }
  | { type: 'lines'; lines: readonly ParallelLine[] }
  | { type: 'view'; view: ParallelView }

let canvas: OffscreenCanvas | null = null
let context: OffscreenCanvasRenderingContext2D | null = null
let lines: readonly ParallelLine[] = []
let view: ParallelView | null = null
let isWaiting = false

addEventListener('message', ({ data }: MessageEvent<ToParallelWorker>) => {
  if (data.type === 'lines') lines = data.lines
  else if (data.type === 'view') view = data.view
  else {
    canvas = data.canvas
    // Drawn by the processor: without a graphics card the other way takes seconds for hundreds of lines.
    context = canvas.getContext('2d', { willReadFrequently: true })
  }
  // Once a frame at most: what is asked for while one is drawn waits, and only the last of it is seen.
  if (!isWaiting) requestAnimationFrame(draw)
  isWaiting = true
})

function draw(): void {
  isWaiting = false
  if (canvas === null || context === null || view === null) return
  const { frame, ratio } = view
  const [width, height] = [Math.round(frame.width * ratio), Math.round(frame.height * ratio)]
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height })
  drawParallel(context, lines, view)
}
