/** Where a replay stands and how it moves. Frames count from 0; `position` lies between two of them only while it plays. */
export interface ClockState {
  readonly lastFrame: number
  readonly secondsPerFrame: number
  readonly position: number
  readonly isPlaying: boolean
  readonly direction: 1 | -1
  /** Simulated seconds in one second of watching. */
  readonly speed: number
  /** Played again and again; null: once, to the end. */
  readonly loop: FrameRange | null
  /** Stays at the last frame while frames are added. */
  readonly isFollowing: boolean
}

export interface FrameRange {
  readonly from: number
  readonly to: number
}

export type ClockCommand =
  | { type: 'play'; direction?: 1 | -1 }
  | { type: 'pause' }
  | { type: 'step'; frames: number }
  /** clamp: the nearest frame there is. exact: a frame that is not there leaves everything as it was. */
  | { type: 'seek'; frame: number; outside: 'clamp' | 'exact' }
  | { type: 'speed'; speed: number }
  | { type: 'loop'; range: FrameRange | null }
  | { type: 'follow'; isFollowing: boolean }
  /** Frames were added or another episode was opened. */
  | { type: 'length'; lastFrame: number }
  /** Time went by while it was watched. */
  | { type: 'elapse'; seconds: number }

export const speeds = [0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 32] as const

/** Frames as long as a second would play as slides at their own pace; twice that reads as a film. */
const longFrameSeconds = 0.25

export function startClock(lastFrame: number, secondsPerFrame: number): ClockState {
  const wanted = secondsPerFrame > longFrameSeconds ? 2 * secondsPerFrame : 1
  return {
    lastFrame,
    secondsPerFrame,
    position: 0,
    isPlaying: false,
    direction: 1,
    speed: nearestSpeed(wanted),
    loop: null,
    isFollowing: false,
  }
}

/** The frame that is shown: between two, the one whose action is under way. */
export function frameOf({ position }: Pick<ClockState, 'position'>): number {
  return Math.floor(position + 1e-9)
}

export function obey(state: ClockState, command: ClockCommand): ClockState {
  switch (command.type) {
    case 'play':
      return play(state, command.direction ?? state.direction)
    case 'pause':
      return { ...state, isPlaying: false, position: frameOf(state) }
    case 'step':
      return stopAt(state, stepped(state, command.frames))
    case 'seek':
      return seek(state, command.frame, command.outside)
    case 'speed':
      return command.speed > 0 && Number.isFinite(command.speed) ? { ...state, speed: command.speed } : state
    case 'loop':
      return { ...state, loop: command.range && within(command.range, state.lastFrame) }
    case 'follow':
      return command.isFollowing
        ? { ...stopAt(state, state.lastFrame), isFollowing: true }
        : { ...state, isFollowing: false }
    case 'length':
      return resize(state, command.lastFrame)
    case 'elapse':
      return elapse(state, command.seconds)
  }
}

/** The next speed up (1) or down (-1) in the list; stays at its ends. */
export function neighbourSpeed(speed: number, direction: 1 | -1): number {
  const index = speeds.indexOf(nearestSpeed(speed))
  return speeds[index + direction] ?? speed
}

function nearestSpeed(wanted: number): (typeof speeds)[number] {
  const distance = (speed: number) => Math.abs(Math.log(speed / wanted))
  return speeds.reduce((best, speed) => (distance(speed) < distance(best) ? speed : best))
}

/** What plays: the loop, or everything. */
function range({ loop, lastFrame }: ClockState): FrameRange {
  return loop ?? { from: 0, to: lastFrame }
}

/** Playing on from the end begins again at the other one. */
function play(state: ClockState, direction: 1 | -1): ClockState {
  const { from, to } = range(state)
  const isOver = direction === 1 ? state.position >= to : state.position <= from
  const isOutside = state.position < from || state.position > to
  const position = isOver || isOutside ? (direction === 1 ? from : to) : state.position
  return { ...state, isPlaying: from < to, direction, position, isFollowing: false }
}

/** Between two frames, a step of one goes to the neighbour in its direction. */
function stepped(state: ClockState, frames: number): number {
  const isBetween = state.position !== frameOf(state)
  return frameOf(state) + Math.trunc(frames) + (isBetween && frames < 0 ? 1 : 0)
}

function stopAt(state: ClockState, frame: number): ClockState {
  return { ...state, isPlaying: false, isFollowing: false, position: clamp(frame, 0, state.lastFrame) }
}

function seek(state: ClockState, frame: number, outside: 'clamp' | 'exact'): ClockState {
  if (!Number.isFinite(frame)) return state
  const whole = Math.round(frame)
  const isThere = whole === frame && whole >= 0 && whole <= state.lastFrame
  if (outside === 'exact' && !isThere) return state
  return { ...state, isFollowing: false, position: clamp(whole, 0, state.lastFrame) }
}

function resize(state: ClockState, lastFrame: number): ClockState {
  const position = state.isFollowing ? lastFrame : clamp(state.position, 0, lastFrame)
  return { ...state, lastFrame, position, loop: state.loop && within(state.loop, lastFrame) }
}

function elapse(state: ClockState, seconds: number): ClockState {
  if (!state.isPlaying || seconds <= 0) return state
  const { from, to } = range(state)
  const next = state.position + (state.direction * seconds * state.speed) / state.secondsPerFrame
  if (next >= from && next < to) return { ...state, position: next }
  if (state.loop !== null) return { ...state, position: wrapped(next, from, to) }
  return { ...state, isPlaying: false, position: state.direction === 1 ? to : from }
}

function wrapped(position: number, from: number, to: number): number {
  const length = to - from
  return from + ((((position - from) % length) + length) % length)
}

/** Whole frames, in order, at least one step long; null where there is no room for that. */
function within({ from, to }: FrameRange, lastFrame: number): FrameRange | null {
  if (!Number.isFinite(from) || !Number.isFinite(to)) return null
  const low = clamp(Math.round(Math.min(from, to)), 0, lastFrame)
  const high = clamp(Math.round(Math.max(from, to)), 0, lastFrame)
  return low < high ? { from: low, to: high } : null
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value))
}
