import { computed, type Ref, shallowRef, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { replayActions } from '../actions/replay.ts'
import { type Overlays, overlaysFromText, overlaysToText } from '../replay/overlays.ts'
import { noLooks, toggleFixedBodies, toggleTransparentBodies } from '../replay/parts.ts'
import type { OpenReplay } from '../stores/replay.ts'
import { useActions } from './use-actions.ts'

export type ReplayDisplay = ReturnType<typeof useReplayDisplay>

/** What of a scene is drawn. The overlays stand in the address, and stay from one episode to the next. */
export function useReplayDisplay(
  replay: () => OpenReplay | null,
  showsField: Ref<boolean>,
  isReady: () => boolean,
) {
  const route = useRoute()
  const router = useRouter()
  const hasArrows = shallowRef(true)
  const hasTrail = shallowRef(true)
  const looks = shallowRef(noLooks)
  const overlays = shallowRef(overlaysFromText(route.query.overlays))
  const hasActionArrows = computed(() => (replay()?.scene.actionArrow ?? null) !== null)
  const knowsForces = computed(() => (replay()?.source.forces(0) ?? null) !== null)
  const hasJoints = computed(() => (replay()?.scene.joints.length ?? 0) > 0)

  function toggleOverlay(name: keyof Overlays): void {
    overlays.value = { ...overlays.value, [name]: !overlays.value[name] }
  }
  const toggle = (shown: Ref<boolean>) => () => {
    shown.value = !shown.value
  }
  function changeLooks(change: typeof toggleFixedBodies): void {
    const opened = replay()
    if (opened !== null) looks.value = change(looks.value, opened.scene)
  }

  const isHere = route.name
  watch([overlays, () => route.query.overlays], ([shown, written]) => {
    const text = overlaysToText(shown)
    if (route.name === isHere && written !== text)
      void router.replace({ query: { ...route.query, overlays: text } })
  })

  useActions(
    replayActions,
    {
      'replay.arrows': { run: toggle(hasArrows), when: () => hasActionArrows.value },
      'replay.field': toggle(showsField),
      'replay.fixedParts': () => changeLooks(toggleFixedBodies),
      'replay.transparent': () => changeLooks(toggleTransparentBodies),
      'replay.contacts': { run: () => toggleOverlay('contacts'), when: () => knowsForces.value },
      'replay.centreOfMass': { run: () => toggleOverlay('centreOfMass'), when: () => knowsForces.value },
      'replay.joints': { run: () => toggleOverlay('joints'), when: () => hasJoints.value },
      'replay.trail': toggle(hasTrail),
    },
    isReady,
  )

  return {
    hasArrows,
    hasTrail,
    showsField,
    looks,
    overlays,
    hasActionArrows,
    knowsForces,
    hasJoints,
    toggleOverlay,
  }
}
