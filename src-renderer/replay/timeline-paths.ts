import { roundStep } from './length-marks.ts'

/** Where values stand in a drawing, in pixels. */
export interface Plane {
  left: number
  width: number
  top: number
  height: number
  /** The frame at the right edge. */
  lastFrame: number
  /** The value at the top; 0 is at the bottom. */
  most: number
}

export function xOfFrame({ left, width, lastFrame }: Plane, frame: number): number {
  return left + (width * frame) / Math.max(1, lastFrame)
}

export function frameAtX({ left, width, lastFrame }: Plane, x: number): number {
  return ((x - left) / Math.max(1, width)) * lastFrame
}

export function yOfValue({ top, height, most }: Plane, value: number): number {
  return top + height * (1 - Math.min(1, Math.max(0, value / most)))
}

/** A round value that a scale of shares may end with, so that all values and the threshold are well inside. */
export function scaleEnd(values: readonly (number | null)[], threshold: number | null): number {
  let greatest = (threshold ?? 0) * 2.5
  for (const value of values) if (value !== null && value > greatest) greatest = value
  return greatest > 0 ? Math.min(1, roundStep(greatest)) : 1
}

/**
 * A line through one value per frame, broken where there is none. Where several frames share a pixel, it keeps their least and greatest,
 * so that no spike is lost.
 */
export function linePath(values: readonly (number | null)[], plane: Plane): string {
  const parts: string[] = []
  let isBroken = true
  for (const [frame, value] of thinOut(values, plane)) {
    if (value === null) {
      isBroken = true
      continue
    }
    parts.push(`${isBroken ? 'M' : 'L'}${round(xOfFrame(plane, frame))} ${round(yOfValue(plane, value))}`)
    isBroken = false
  }
  return parts.join('')
}

/** The area between that line and 0. */
export function areaPath(values: readonly (number | null)[], plane: Plane): string {
  const bottom = round(plane.top + plane.height)
  const parts: string[] = []
  let last: number | null = null
  for (const [frame, value] of thinOut(values, plane)) {
    if (value !== null) {
      const x = round(xOfFrame(plane, frame))
      parts.push(`${last === null ? `M${x} ${bottom}` : ''}L${x} ${round(yOfValue(plane, value))}`)
      last = x
    } else if (last !== null) {
      parts.push(`V${bottom}Z`)
      last = null
    }
  }
  if (last !== null) parts.push(`V${bottom}Z`)
  return parts.join('')
}

/** The area under a line that stays at each value until the next frame. */
export function stepArea(values: readonly (number | null)[], plane: Plane): string {
  const bottom = round(plane.top + plane.height)
  const bars = thinOut(values, plane)
  return bars
    .map(([frame, value], index) => {
      if (value === null || value === 0) return ''
      const left = round(xOfFrame(plane, frame))
      const right = round(xOfFrame(plane, bars[index + 1]?.[0] ?? values.length))
      return `M${left} ${bottom}V${round(yOfValue(plane, value))}H${right}V${bottom}Z`
    })
    .join('')
}

function thinOut(values: readonly (number | null)[], { width }: Plane): [number, number | null][] {
  const columns = Math.max(1, Math.floor(width))
  if (values.length <= columns * 2) return values.map((value, frame) => [frame, value])
  const perColumn = values.length / columns
  return Array.from({ length: columns }, (_, column) => column).flatMap((column) => {
    const start = Math.floor(column * perColumn)
    const end = Math.max(start + 1, Math.floor((column + 1) * perColumn))
    return extremes(values, start, end)
  })
}

function extremes(values: readonly (number | null)[], start: number, end: number): [number, number | null][] {
  let least: [number, number] | null = null
  let greatest: [number, number] | null = null
  for (let frame = start; frame < end; frame++) {
    const value = values[frame] ?? null
    if (value === null) continue
    if (least === null || value < least[1]) least = [frame, value]
    if (greatest === null || value > greatest[1]) greatest = [frame, value]
  }
  if (least === null || greatest === null) return [[start, null]]
  if (least[0] === greatest[0]) return [least]
  return least[0] < greatest[0] ? [least, greatest] : [greatest, least]
}

const round = (value: number): number => Math.round(value * 10) / 10
