import { computed, nextTick, watch } from 'vue'
import { POSE_SIZE, type Vector } from '../../src-main/contract/index.ts'
import { toBody } from '../replay/let-go/grab.ts'
import type { Motors } from '../replay/let-go/joints.ts'
import { movingBodies } from '../replay/moving-bodies.ts'
import type { Moment } from '../replay/scene/replay-scene.ts'
import type { OpenReplay } from '../stores/replay.ts'
import { formatFixed } from '../text/numbers.ts'
import { useLetGo } from './use-let-go.ts'
import type { ReplayClock } from './use-replay-clock.ts'

interface Recording {
  key: () => string
  replay: () => OpenReplay | null
  clock: ReplayClock
  frame: () => number
  moment: () => Moment | null
}

/** Letting the bodies of the frame at hand go, pulling at them, and what the scene shows meanwhile. */
export function useReplayLetGo({ key, replay, clock, frame, moment }: Recording) {
  const letGo = useLetGo()

  /** The bodies where physics has taken them, else as they were recorded. */
  const shownMoment = computed<Moment | null>(() => {
    const [recorded, free] = [moment(), letGo.shown.value]
    if (recorded === null || free === null) return recorded
    const { poses, path, push, hazardTouch } = free
    return {
      ...recorded,
      poses,
      path,
      push,
      position: path.length,
      hasFailed: hazardTouch !== null,
      failedAt: hazardTouch?.at ?? null,
      arrows: null,
      ghosts: [],
      overlays: null,
      impulse: null,
    }
  })

  /** What the bodies did since they were let go, as far as it matters, in words. */
  const verdict = computed(() => {
    const [recording, touch] = [replay(), letGo.shown.value?.hazardTouch]
    if (recording === null || !touch) return null
    const name = movingBodies(recording.scene)[touch.body]?.name ?? 'body'
    return `The ${name} touched the hazard after ${formatFixed(touch.seconds, 2)} s.`
  })

  async function release(): Promise<void> {
    const recording = replay()
    if (recording === null) return
    clock.send({ type: 'pause' })
    // What watches the clock has seen it stand.
    await nextTick()
    const { scene, source } = recording
    const poses = new Float32Array(source.movingBodies * POSE_SIZE)
    source.readPoses(frame(), poses)
    void letGo.start({ scene, frame: frame(), poses, velocities: source.velocities(frame()) })
  }

  function grab(body: number, at: Vector): void {
    const free = letGo.shown.value
    if (free === null) return
    const pose = free.poses.subarray(body * POSE_SIZE, (body + 1) * POSE_SIZE)
    letGo.grab.value = { body, hold: toBody(pose, at), towards: at }
  }

  function drag(towards: Vector): void {
    if (letGo.grab.value !== null) letGo.grab.value = { ...letGo.grab.value, towards }
  }

  function drop(): void {
    letGo.grab.value = null
  }

  /** What the motors do; null where the scene has none. */
  const motorsShown = computed(() => {
    const joints = replay()?.scene.joints ?? []
    return joints.some(({ axes }) => axes.some(({ motorTorque }) => motorTorque !== null))
      ? letGo.motors.value
      : null
  })

  function drive(motors: Motors): void {
    letGo.motors.value = motors
  }

  // Whoever moves the clock wants the recording.
  watch([key, clock.frame, clock.isPlaying], () => letGo.stop())

  return { ...letGo, shownMoment, verdict, motorsShown, drive, release, grab, drag, drop }
}
