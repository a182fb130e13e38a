import { computed, shallowRef, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { POSE_SIZE, type Vector } from '../../src-main/contract/index.ts'
import { mainMovingBody } from '../replay/moving-bodies.ts'
import { impulseOf, type Push, type PushShown, pushArrow, pushFromText, pushToText } from '../replay/push.ts'
import type { OpenReplay } from '../stores/replay.ts'
import type { BranchResult } from '../stores/replay-ghosts.ts'
import type { ReplayClock } from './use-replay-clock.ts'

/** For so long after it an arrow shows where the bodies of a branch were pushed. */
const shownSeconds = 0.5

interface Pushed {
  replay: () => OpenReplay | null
  clock: ReplayClock
  /** The branch whose ghosts are there. */
  branch: () => BranchResult | null
}

/** The push with which the next branch begins, and the arrow of it or of the branch that is shown. */
export function useReplayPush({ replay, clock, branch }: Pushed) {
  const route = useRoute()
  const router = useRouter()
  const largest = computed(() => replay()?.scene.largestPush ?? null)
  const push = shallowRef<Push>(pushFromText(route.query.push, Number.POSITIVE_INFINITY))

  function change(changed: Push): void {
    push.value = changed
    void router.replace({ query: { ...route.query, push: pushToText(changed) } })
  }
  // Another scene may not be pushed, or not so hard.
  watch(largest, (most) => {
    if (replay() !== null && push.value.strength > (most ?? 0)) change({ ...push.value, strength: 0 })
  })

  function arrowAt(impulse: Vector | undefined, frame: number): PushShown | null {
    const opened = replay()
    const body = opened && mainMovingBody(opened.scene)
    if (opened === null || body === null || impulse === undefined) return null
    const poses = new Float32Array(opened.source.movingBodies * POSE_SIZE)
    opened.source.readPoses(frame, poses)
    const [x = 0, y = 0, z = 0] = poses.subarray(body * POSE_SIZE, body * POSE_SIZE + 3)
    return pushArrow(opened.scene, impulse, [x, y, z])
  }

  /** At any position of the clock. */
  function shownAt(position: number): PushShown | null {
    const opened = replay()
    if (opened === null) return null
    const done = branch()
    const after = done === null ? -1 : (position - done.frame) * opened.scene.secondsPerFrame
    if (done?.push && after >= 0 && after <= shownSeconds) return arrowAt(done.push, done.frame)
    const isPlanned = route.query.panel === 'branch' && !clock.isPlaying.value
    return isPlanned ? arrowAt(impulseOf(push.value), Math.min(position, opened.source.lastFrame)) : null
  }

  return { push, largest, change, shownAt }
}

export type ReplayPush = ReturnType<typeof useReplayPush>
