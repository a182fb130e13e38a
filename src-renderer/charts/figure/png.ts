import type { Layout } from '../../../src-main/contract/figures/layout.ts'
import { figureFont } from '../../../src-main/contract/figures/svg.ts'

/** Three times as many pixels as on the page, enough for print at column width. */
const SCALE = 3

/** Painted from the shapes rather than from the SVG: a picture of an SVG cannot use the page's typeface. */
export async function toPng(
  { width, height, shapes, plot }: Layout,
  resolve: (colour: string) => string,
): Promise<Blob> {
  await document.fonts.ready
  const canvas = new OffscreenCanvas(width * SCALE, height * SCALE)
  const context = canvas.getContext('2d')
  if (context === null) throw new Error('This browser gave no canvas to paint on.')
  context.scale(SCALE, SCALE)
  context.fillStyle = resolve('var(--paper)')
  context.fillRect(0, 0, width, height)
  for (const shape of shapes) {
    context.save()
    if (shape.kind === 'text') {
      context.font = `${shape.weight ?? 400} ${shape.size}px ${figureFont}`
      context.textAlign = shape.anchor === 'middle' ? 'center' : shape.anchor
      context.fillStyle = resolve(shape.colour)
      context.translate(shape.x, shape.y)
      if (shape.isTurned) context.rotate(-Math.PI / 2)
      context.fillText(shape.text, 0, 0)
    } else {
      context.beginPath()
      context.rect(plot.left, plot.top - 6, plot.right - plot.left + 6, plot.bottom - plot.top + 12)
      context.clip()
      context.globalAlpha = shape.opacity ?? 1
      const path = new Path2D(shape.d)
      if (shape.fill !== undefined) {
        context.fillStyle = resolve(shape.fill)
        context.fill(path)
      }
      if (shape.stroke !== undefined) {
        context.strokeStyle = resolve(shape.stroke)
        context.lineWidth = shape.width ?? 1
        context.lineJoin = 'round'
        context.setLineDash(shape.dash ?? [])
        context.stroke(path)
      }
    }
    context.restore()
  }
  return canvas.convertToBlob({ type: 'image/png' })
}
