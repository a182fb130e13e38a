import { type Ref, shallowRef } from 'vue'
import type { Vector } from '../../src-main/contract/index.ts'
import type { Picture } from '../replay/picture.ts'

interface Handlers {
  canGrab: () => boolean
  grab: (body: number, at: Vector) => void
  drag: (towards: Vector) => void
  drop: () => void
}

/** Lets the pointer take hold of bodies in a picture, before the camera gets to know of it. */
export function useStageGrab(
  place: Readonly<Ref<HTMLElement | null>>,
  picture: Readonly<Ref<Picture | null>>,
  handlers: Handlers,
) {
  /** Height at which the pointer draws what it has grabbed. */
  let heldHeight: number | null = null
  const cursor = shallowRef<'grab' | 'grabbing' | undefined>()

  function placeOf(event: PointerEvent): [number, number] {
    const { left, top } = place.value?.getBoundingClientRect() ?? { left: 0, top: 0 }
    return [event.clientX - left, event.clientY - top]
  }

  function onPointerDown(event: PointerEvent): void {
    if (!handlers.canGrab() || event.button !== 0) return
    const hit = picture.value?.grab(...placeOf(event)) ?? null
    if (hit === null) return
    event.stopPropagation()
    place.value?.setPointerCapture(event.pointerId)
    heldHeight = hit.at[2]
    cursor.value = 'grabbing'
    handlers.grab(hit.body, hit.at)
  }

  function onPointerMove(event: PointerEvent): void {
    if (heldHeight === null) {
      const isOver = handlers.canGrab() && event.buttons === 0 && picture.value?.grab(...placeOf(event))
      cursor.value = isOver ? 'grab' : undefined
      return
    }
    event.stopPropagation()
    const towards = picture.value?.pointAtHeight(...placeOf(event), heldHeight) ?? null
    if (towards !== null) handlers.drag(towards)
  }

  function onPointerUp(): void {
    if (heldHeight === null) return
    heldHeight = null
    cursor.value = undefined
    handlers.drop()
  }

  return { cursor, onPointerDown, onPointerMove, onPointerUp }
}
