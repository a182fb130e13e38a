import { replayActions } from '../actions/replay.ts'
import { neighbourSpeed } from '../replay/clock.ts'
import { type Marker, neighbourMarker } from '../replay/timeline.ts'
import { useActions } from './use-actions.ts'
import type { ReplayClock } from './use-replay-clock.ts'

/** What the keys of players do to the clock. */
export function useReplayActions(
  clock: ReplayClock,
  markers: () => readonly Marker[],
  isReady: () => boolean,
) {
  const { state, frame, send } = clock
  const step = (frames: number) => () => send({ type: 'step', frames })
  const seek = (to: number) => send({ type: 'seek', frame: to, outside: 'clamp' })

  function toggle(): void {
    send(state.value.isPlaying ? { type: 'pause' } : { type: 'play', direction: 1 })
  }

  /** Pressed again in the same direction, it plays faster, as in players. */
  function shuttle(direction: 1 | -1): void {
    const { isPlaying, direction: current, speed } = state.value
    if (isPlaying && current === direction) send({ type: 'speed', speed: neighbourSpeed(speed, 1) })
    else send({ type: 'play', direction })
  }

  function toggleLoop(): void {
    const { loop, lastFrame } = state.value
    send({ type: 'loop', range: loop === null ? { from: 0, to: lastFrame } : null })
  }

  function loopFrom(from: number): void {
    const { loop, lastFrame } = state.value
    const to = loop?.to ?? lastFrame
    send({ type: 'loop', range: { from, to: to > from ? to : lastFrame } })
  }

  function loopTo(to: number): void {
    const from = state.value.loop?.from ?? 0
    send({ type: 'loop', range: { from: from < to ? from : 0, to } })
  }

  function goToMarker(direction: 1 | -1): void {
    const marker = neighbourMarker(markers(), frame.value, direction)
    if (marker === null) return
    send({ type: 'pause' })
    seek(marker.frame)
  }

  useActions(
    replayActions,
    {
      'replay.toggle': toggle,
      'replay.forward': step(1),
      'replay.back': step(-1),
      'replay.forwardTen': step(10),
      'replay.backTen': step(-10),
      'replay.first': () => seek(0),
      'replay.last': () => seek(state.value.lastFrame),
      'replay.playBackwards': () => shuttle(-1),
      'replay.pause': () => send({ type: 'pause' }),
      'replay.playForwards': () => shuttle(1),
      'replay.slower': () => send({ type: 'speed', speed: neighbourSpeed(state.value.speed, -1) }),
      'replay.faster': () => send({ type: 'speed', speed: neighbourSpeed(state.value.speed, 1) }),
      'replay.loopStart': () => loopFrom(frame.value),
      'replay.loopEnd': () => loopTo(frame.value),
      'replay.loop': toggleLoop,
      'replay.previousMarker': () => goToMarker(-1),
      'replay.nextMarker': () => goToMarker(1),
    },
    isReady,
  )

  return { toggle, toggleLoop, seek }
}
