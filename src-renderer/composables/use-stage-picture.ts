import { onBeforeUnmount, onMounted, type Ref, shallowRef, watch } from 'vue'
import type { SceneDescription } from '../../src-main/contract/index.ts'
import { resolveColour, useColourScheme } from '../charts/colours.ts'
import type { Picture } from '../replay/picture.ts'
import type { FieldShown } from '../replay/scene/field.ts'
import type { SceneLook } from '../replay/scene/look.ts'
import type { Moment } from '../replay/scene/replay-scene.ts'

export interface StageShown {
  scenes: () => readonly SceneDescription[]
  moments: () => readonly Moment[]
  field: () => FieldShown | null
  areLinked: () => boolean
  /** Seen from above by choice. */
  isFlat: () => boolean
}

/** A picture of the panes in an element: in three dimensions, and from above as long as that cannot be. */
export function useStagePicture(place: Readonly<Ref<HTMLElement | null>>, shown: StageShown) {
  const colourScheme = useColourScheme()
  const state = shallowRef<'loading' | 'ready' | 'flat'>('loading')
  /** Why it is seen from above where that was not asked for. */
  const obstacle = shallowRef<'missing' | 'lost' | null>(null)
  const picture = shallowRef<Picture | null>(null)
  let round = 0
  let arranging: number | undefined

  /** Made anew for another theme, or when the graphics card comes and goes; the cameras stay where they were. */
  async function build(): Promise<void> {
    const own = ++round
    const kept = picture.value?.viewpoints ?? null
    const wasFlat = state.value === 'flat'
    const { readLook } = await import('../replay/scene/look.ts')
    const look = readLook(colourScheme.value === 'dark', resolveColour)
    const built = shown.isFlat() || obstacle.value === 'lost' ? null : await buildSolid(look)
    const made = built ?? (await buildFlat(look))
    if (own !== round || place.value === null) {
      made.picture.dispose()
      return
    }
    clear()
    place.value.append(made.canvas)
    made.picture.arrange(shown.scenes())
    if (kept !== null && wasFlat === (built === null)) made.picture.lookFromAll(kept)
    made.picture.link(shown.areLinked())
    made.picture.resize()
    made.picture.start()
    made.picture.show(shown.moments())
    made.picture.showField(shown.field())
    picture.value = made.picture
    state.value = built === null ? 'flat' : 'ready'
    if (built !== null) obstacle.value = null
  }

  async function buildSolid(look: SceneLook) {
    // A canvas whose context was lost or disposed gives no other.
    const canvas = document.createElement('canvas')
    try {
      const { ReplayPicture } = await import('../replay/scene/replay-picture.ts')
      const made = new ReplayPicture(canvas, look)
      canvas.addEventListener('webglcontextlost', onLost)
      return { canvas, picture: made }
    } catch {
      obstacle.value = 'missing'
      return null
    }
  }

  async function buildFlat(look: SceneLook) {
    const { FlatPicture } = await import('../replay/flat/flat-picture.ts')
    const canvas = document.createElement('canvas')
    return { canvas, picture: new FlatPicture(canvas, look) }
  }

  function onLost(event: Event): void {
    const { target } = event
    if (!(target instanceof HTMLCanvasElement) || target.parentElement !== place.value) return
    // Else the browser would never give it back.
    event.preventDefault()
    target.addEventListener('webglcontextrestored', retry, { once: true })
    obstacle.value = 'lost'
    void build()
  }

  function retry(): void {
    obstacle.value = null
    void build()
  }

  function clear(): void {
    clearTimeout(arranging)
    arranging = undefined
    picture.value?.dispose()
    picture.value = null
    place.value?.replaceChildren()
  }

  const observer = new ResizeObserver(() => picture.value?.resize())
  onMounted(() => {
    if (place.value !== null) observer.observe(place.value)
    void build()
  })
  onBeforeUnmount(() => {
    round++
    observer.disconnect()
    clear()
  })
  watch([colourScheme, shown.isFlat], () => void build())
  watch(shown.scenes, (scenes, before) => {
    if (scenes.length === before.length && scenes.every((scene, index) => scene === before[index])) return
    clearTimeout(arranging)
    // Meshes take their time: a task of their own, after the page has taken what else changed.
    arranging = window.setTimeout(() => {
      arranging = undefined
      picture.value?.arrange(shown.scenes())
      picture.value?.show(shown.moments())
      picture.value?.showField(shown.field())
    })
  })
  // Until then, moments and fields are of scenes that the picture does not have yet.
  watch(shown.moments, (moments) => arranging === undefined && picture.value?.show(moments))
  watch(shown.field, (field) => arranging === undefined && picture.value?.showField(field))
  watch(shown.areLinked, (areLinked) => picture.value?.link(areLinked))

  return { picture, state, obstacle, retry }
}
