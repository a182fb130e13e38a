import type { Colour } from '../scene/look.ts'

/** Where a scene lies on the canvas: pixels for each of its units, and the pixels of its origin. y runs upwards. */
export interface Projection {
  scale: number
  left: number
  bottom: number
}

type Point = readonly [number, number]

/** Draws in the coordinates of a scene; widths are in its unit too. */
export class Brush {
  readonly #context: CanvasRenderingContext2D
  readonly #projection: Projection

  constructor(context: CanvasRenderingContext2D, projection: Projection) {
    this.#context = context
    this.#projection = projection
  }

  area(points: readonly Point[], colour: Colour, alpha = 1): void {
    this.#trace(points)
    this.#context.closePath()
    this.#context.fillStyle = css(colour, alpha)
    this.#context.fill()
  }

  line(points: readonly Point[], width: number, colour: Colour, alpha = 1): void {
    if (points.length < 2) return
    this.#trace(points)
    this.#context.lineWidth = Math.max(1, width * this.#projection.scale)
    this.#context.lineJoin = 'round'
    this.#context.strokeStyle = css(colour, alpha)
    this.#context.stroke()
  }

  ring([x, y]: Point, radius: number, width: number, colour: Colour): void {
    const { scale } = this.#projection
    this.#context.beginPath()
    this.#context.arc(this.#x(x), this.#y(y), radius * scale, 0, 2 * Math.PI)
    this.#context.lineWidth = Math.max(2, width * scale)
    this.#context.strokeStyle = css(colour, 1)
    this.#context.stroke()
  }

  dot([x, y]: Point, radius: number, colour: Colour): void {
    this.#context.beginPath()
    this.#context.arc(this.#x(x), this.#y(y), Math.max(1.5, radius * this.#projection.scale), 0, 2 * Math.PI)
    this.#context.fillStyle = css(colour, 1)
    this.#context.fill()
  }

  arrow(from: Point, along: Point, width: number, colour: Colour): void {
    const length = Math.hypot(...along)
    if (length < 1e-9) return
    const [dx, dy] = [along[0] / length, along[1] / length]
    const head = Math.min(width * 5, length * 0.5)
    const at = (forward: number, aside: number): Point => [
      from[0] + dx * forward - dy * aside,
      from[1] + dy * forward + dx * aside,
    ]
    this.line([from, at(length - head, 0)], width, colour)
    this.area([at(length, 0), at(length - head, width * 1.6), at(length - head, -width * 1.6)], colour)
  }

  text(content: string, [x, y]: Point, height: number, colour: Colour): void {
    const context = this.#context
    context.font = `500 ${Math.max(9, height * this.#projection.scale)}px "Inter Variable", sans-serif`
    context.textAlign = 'center'
    context.textBaseline = 'middle'
    context.fillStyle = css(colour, 1)
    context.fillText(content, this.#x(x), this.#y(y))
  }

  /** @param low lowest x and y of where it lies, and @param high the highest. Its first row is at the top. */
  image(image: CanvasImageSource, low: Point, high: Point): void {
    const { scale } = this.#projection
    this.#context.imageSmoothingEnabled = true
    this.#context.drawImage(
      image,
      this.#x(low[0]),
      this.#y(high[1]),
      (high[0] - low[0]) * scale,
      (high[1] - low[1]) * scale,
    )
  }

  #trace(points: readonly Point[]): void {
    this.#context.beginPath()
    for (const [index, [x, y]] of points.entries()) {
      if (index === 0) this.#context.moveTo(this.#x(x), this.#y(y))
      else this.#context.lineTo(this.#x(x), this.#y(y))
    }
  }

  #x(x: number): number {
    return this.#projection.left + x * this.#projection.scale
  }

  #y(y: number): number {
    return this.#projection.bottom - y * this.#projection.scale
  }
}

function css([red, green, blue]: Colour, alpha: number): string {
  return `rgb(${red * 255} ${green * 255} ${blue * 255} / ${alpha})`
}
