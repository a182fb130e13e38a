import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { BrowserWindow, Rectangle } from 'electron'
import { z } from 'zod'

const windowState = z.object({
  x: z.int(),
  y: z.int(),
  width: z.int().min(200).max(20_000),
  height: z.int().min(200).max(20_000),
  isMaximized: z.boolean(),
})
export type WindowState = z.infer<typeof windowState>

/** Of the title bar this much must be on a screen, or the window could not be dragged back. */
const grip = { width: 160, height: 40 }

export function readWindowState(file: string): WindowState | null {
  try {
    return windowState.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return null
  }
}

/** Where the window goes: as it was, moved and shrunk as far as today's screens ask for; null: wherever the system likes. */
export function clampToScreens(state: WindowState, workAreas: readonly Rectangle[]): Rectangle | null {
  const best = workAreas
    .map((area) => ({ area, shared: overlap(state, area) }))
    .sort((a, b) => b.shared.width * b.shared.height - a.shared.width * a.shared.height)[0]
  if (best === undefined) return null
  const { area, shared } = best
  const width = Math.min(state.width, area.width)
  const height = Math.min(state.height, area.height)
  const isReachable =
    shared.width >= grip.width && shared.height >= grip.height && state.y >= area.y && width === state.width
  if (isReachable && state.y + grip.height <= area.y + area.height)
    return { x: state.x, y: state.y, width, height }
  const between = (value: number, low: number, high: number) => Math.max(low, Math.min(value, high))
  return {
    x: between(state.x, area.x, area.x + area.width - width),
    y: between(state.y, area.y, area.y + area.height - height),
    width,
    height,
  }
}

function overlap(a: Rectangle, b: Rectangle): { width: number; height: number } {
  const span = (from: number, size: number, otherFrom: number, otherSize: number) =>
    Math.max(0, Math.min(from + size, otherFrom + otherSize) - Math.max(from, otherFrom))
  return { width: span(a.x, a.width, b.x, b.width), height: span(a.y, a.height, b.y, b.height) }
}

/** Writes down where the window is when it is closed. */
export function keepWindowState(window: BrowserWindow, file: string): void {
  window.on('close', () => {
    // Its place when it is not maximized, to which the user can go back.
    const state: WindowState = { ...window.getNormalBounds(), isMaximized: window.isMaximized() }
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(`${file}.partial`, JSON.stringify(state))
    renameSync(`${file}.partial`, file)
  })
}
