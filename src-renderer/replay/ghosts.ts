import type { Outcome } from '../../src-main/contract/index.ts'
import type { FrameSource } from './source.ts'

/** Another episode on the clock of the one that is replayed. */
export interface Ghost {
  key: string
  name: string
  source: FrameSource
  outcome: Outcome
  /** Frame of the clock at which it begins; below 0 where it is aligned at its end and is the longer one. */
  offset: number
}

export type Alignment = 'start' | 'end'

/** @param lastFrame of the episode that is replayed. */
export function offsetOf(source: FrameSource, lastFrame: number, alignment: Alignment): number {
  return alignment === 'start' ? 0 : lastFrame - source.lastFrame
}

/** The last frame that the clock must reach so that everybody ends. */
export function lastFrameOfAll(lastFrame: number, ghosts: readonly Ghost[]): number {
  return ghosts.reduce((last, { source, offset }) => Math.max(last, offset + source.lastFrame), lastFrame)
}

/** Where a ghost stands in its own frames. */
export function positionOf({ source, offset }: Ghost, clockPosition: number): number {
  return Math.min(source.lastFrame, Math.max(0, clockPosition - offset))
}
