import type { Marker } from './figure.ts'

/** Hundredths of a pixel are enough for any printer. */
export const rounded = (value: number): string => String(Math.round(value * 100) / 100)

export function markerPath(marker: Marker, x: number, y: number, r: number): string {
  switch (marker) {
    case 'circle':
      return `M${rounded(x - r)} ${rounded(y)}a${rounded(r)} ${rounded(r)} 0 1 0 ${rounded(2 * r)} 0a${rounded(r)} ${rounded(r)} 0 1 0 ${rounded(-2 * r)} 0Z`
    case 'square':
      return `M${rounded(x - r * 0.9)} ${rounded(y - r * 0.9)}h${rounded(1.8 * r)}v${rounded(1.8 * r)}h${rounded(-1.8 * r)}Z`
    case 'triangle':
      return `M${rounded(x)} ${rounded(y - 1.15 * r)}l${rounded(1.1 * r)} ${rounded(1.95 * r)}h${rounded(-2.2 * r)}Z`
    case 'down':
      return `M${rounded(x)} ${rounded(y + 1.15 * r)}l${rounded(1.1 * r)} ${rounded(-1.95 * r)}h${rounded(-2.2 * r)}Z`
    case 'diamond':
      return `M${rounded(x)} ${rounded(y - 1.25 * r)}l${rounded(1.25 * r)} ${rounded(1.25 * r)}l${rounded(-1.25 * r)} ${rounded(1.25 * r)}l${rounded(-1.25 * r)} ${rounded(-1.25 * r)}Z`
    case 'plus': {
      const arm = rounded(0.8 * r)
      const back = rounded(-0.8 * r)
      const steps = `h${arm}v${arm}h${arm}v${arm}h${back}v${arm}h${back}v${back}h${back}v${back}h${arm}`
      return `M${rounded(x - 0.4 * r)} ${rounded(y - 1.2 * r)}${steps}Z`
    }
  }
}

/** Its middle is where the point is. */
export function arrowPath(direction: number, x: number, y: number, r: number): string {
  const to = (angle: number, length: number) =>
    `${rounded(x + r * Math.cos(direction) + length * Math.cos(angle))} ${rounded(y - r * Math.sin(direction) - length * Math.sin(angle))}`
  const tip = to(0, 0)
  const barbs = [direction + 0.85 * Math.PI, direction - 0.85 * Math.PI].map((angle) => to(angle, 0.8 * r))
  return `M${to(direction, -2 * r)}L${tip}M${barbs[0]}L${tip}L${barbs[1]}`
}
