import { computed, type Ref, shallowRef, watch } from 'vue'
import { type ClockState, frameOf } from '../replay/clock.ts'
import { type Ghost, positionOf } from '../replay/ghosts.ts'
import { momentsOf } from '../replay/moment-of.ts'
import type { Overlays } from '../replay/overlays.ts'
import type { PartLooks } from '../replay/parts.ts'
import { referenceName } from '../replay/references.ts'
import { epsilonOf } from '../replay/run-settings.ts'
import type { Moment } from '../replay/scene/replay-scene.ts'
import { summarize } from '../replay/summary.ts'
import { outcomeNames } from '../replay/timeline.ts'
import type { OpenReplay } from '../stores/replay.ts'
import { formatCount } from '../text/numbers.ts'

/** A recorded episode in a pane of its own. */
export interface Companion {
  opened: OpenReplay
  ghost: Ghost
}

/** A pane of the stage, apart from what it shows at the moment. */
export interface PaneTitle {
  name: string
  detail: string
  hasFailed: boolean
}

interface Shown {
  companions: () => readonly Companion[]
  clock: Readonly<Ref<ClockState>>
  hasArrows: () => boolean
  hasTrail: () => boolean
  looks: () => PartLooks
  overlays: () => Overlays
}

/** The episodes that stand side by side with the one that is replayed, on its clock. */
export function useReplayBeside({ companions, clock, hasArrows, hasTrail, looks, overlays }: Shown) {
  const shown = computed(() =>
    companions().map(({ opened, ghost }) => {
      const epsilonSafe = opened.epsilonSafe ?? epsilonOf(opened)
      return { opened, ghost, epsilonSafe, moments: momentsOf(opened, opened.source, epsilonSafe) }
    }),
  )
  const scenes = computed(() => shown.value.map(({ opened }) => opened.scene))

  function momentsAt(position: number): Moment[] {
    const options = {
      hasArrows: hasArrows(),
      hasTrail: hasTrail(),
      ghosts: [],
      looks: looks(),
      overlays: overlays(),
    }
    return shown.value.map(({ ghost, moments }) => moments.at(positionOf(ghost, position), options))
  }
  const moments = computed(() => momentsAt(clock.value.position))

  const titles = computed(() => shown.value.map(({ opened, ghost }) => titleOf(opened, framesAt(ghost))))
  const framesAt = (ghost: Ghost): number => frameOf({ position: positionOf(ghost, clock.value.position) })

  const summary = shallowRef('')
  watch(
    [shown, () => frameOf(clock.value), () => clock.value.isPlaying, hasArrows],
    ([all, , isPlaying, withArrows]) => {
      if (isPlaying) return
      summary.value = all
        .map(({ opened, ghost, epsilonSafe, moments: of }) => {
          const frame = framesAt(ghost)
          const words = summarize({
            scene: opened.scene,
            source: opened.source,
            frame,
            outcome: opened.episode.outcome,
            cause: opened.episode.cause,
            epsilonSafe,
            place: [...of.path.subarray(frame * 3, frame * 3 + 3)],
            arrows: withArrows ? of.arrowsAt(frame) : null,
          })
          return ` Beside it: ${referenceName(opened.reference)}. ${words}`
        })
        .join('')
    },
    { immediate: true },
  )
  return { scenes, moments, momentsAt, titles, summary }
}

/** @param frame where the episode stands. */
export function titleOf({ episode, reference, run, source }: OpenReplay, frame: number): PaneTitle {
  const isOver = frame >= source.lastFrame
  const { cause, outcome } = episode
  return {
    name: referenceName(reference),
    detail: isOver
      ? `${outcomeNames[outcome]}${cause === null ? '' : `: ${cause}`}`
      : `${run === null ? '' : `run ${run.id}, `}frame ${formatCount(frame)} of ${formatCount(source.lastFrame)}`,
    hasFailed: isOver && outcome === 'failure',
  }
}
