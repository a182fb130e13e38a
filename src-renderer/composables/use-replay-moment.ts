import { computed, type Ref, shallowRef, watch } from 'vue'
import { POSE_SIZE } from '../../src-main/contract/index.ts'
import { type ClockState, frameOf } from '../replay/clock.ts'
import { type Ghost, positionOf } from '../replay/ghosts.ts'
import { momentsOf } from '../replay/moment-of.ts'
import { mainMovingBody } from '../replay/moving-bodies.ts'
import type { Overlays } from '../replay/overlays.ts'
import type { PartLooks } from '../replay/parts.ts'
import type { PushShown } from '../replay/push.ts'
import type { Moment } from '../replay/scene/replay-scene.ts'
import type { FrameSource } from '../replay/source.ts'
import { summarize } from '../replay/summary.ts'
import type { OpenReplay } from '../stores/replay.ts'

interface Shown {
  replay: () => OpenReplay | null
  /** The episode as it is judged at the moment. */
  source: () => FrameSource | null
  clock: Readonly<Ref<ClockState>>
  epsilonSafe: () => number | null
  hasArrows: () => boolean
  hasTrail: () => boolean
  ghosts: () => readonly Ghost[]
  looks: () => PartLooks
  overlays: () => Overlays
  /** The arrow of a push; null: there is none. */
  pushAt: (position: number) => PushShown | null
}

/** What the scene shows at the clock's position, as a picture and in words. */
export function useReplayMoment({
  replay,
  source,
  clock,
  epsilonSafe,
  hasArrows,
  hasTrail,
  ghosts,
  looks,
  overlays,
  pushAt,
}: Shown) {
  /** Ghosts may go on when the episode itself has ended. */
  const frame = computed(() => Math.min(frameOf(clock.value), replay()?.source.lastFrame ?? 0))
  const moments = computed(() => {
    const [opened, judged] = [replay(), source()]
    return opened === null || judged === null ? null : momentsOf(opened, judged, epsilonSafe())
  })
  const ghostPaths = computed(() => {
    const opened = replay()
    const body = (opened && mainMovingBody(opened.scene)) ?? 0
    return ghosts().map(({ source: of }) => of.path(body))
  })

  /** What there is to be seen at any position of the clock. */
  function momentAt(position: number): Moment | null {
    const shown = moments.value
    if (shown === null) return null
    const moment = shown.at(position, {
      hasArrows: hasArrows(),
      hasTrail: hasTrail(),
      looks: looks(),
      overlays: overlays(),
      ghosts: ghosts().map((ghost, index) => {
        const poses = new Float32Array(ghost.source.movingBodies * POSE_SIZE)
        ghost.source.readPoses(positionOf(ghost, position), poses)
        return { poses, path: ghostPaths.value[index] ?? shown.path, outcome: ghost.outcome }
      }),
    })
    return { ...moment, impulse: pushAt(position) }
  }
  const moment = computed(() => momentAt(clock.value.position))

  /** Words do not follow a film; they are there when it stands. */
  const summary = shallowRef('')
  watch(
    [replay, source, frame, moments, hasArrows, () => clock.value.isPlaying],
    ([opened, judged, now, shown, withArrows, isPlaying]) => {
      if (opened === null || judged === null || shown === null || isPlaying || now > judged.lastFrame) return
      const { scene, episode } = opened
      summary.value = summarize({
        scene,
        source: judged,
        frame: now,
        outcome: episode.outcome,
        cause: episode.cause,
        epsilonSafe: epsilonSafe(),
        place: [...shown.path.subarray(now * 3, now * 3 + 3)],
        arrows: withArrows ? shown.arrowsAt(now) : null,
      })
    },
    { immediate: true },
  )
  return { moment, momentAt, summary }
}
