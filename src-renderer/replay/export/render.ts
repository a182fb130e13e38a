import type { SceneDescription } from '../../../src-main/contract/index.ts'
import type { CameraMode, CameraPose } from '../scene/cameras.ts'
import type { FieldShown } from '../scene/field.ts'
import type { SceneLook } from '../scene/look.ts'
import { type Moment, ReplayScene } from '../scene/replay-scene.ts'
import { createEncoder, ExportError, type FilmFormat } from './encoders.ts'
import type { FilmPlan } from './film.ts'

/** What is drawn, apart from the window: another size, the same view. */
export interface Picture {
  description: SceneDescription
  look: SceneLook
  field: FieldShown | null
  camera: { mode: CameraMode; pose: CameraPose | null }
  width: number
  height: number
}

export async function renderPng(picture: Picture, moment: Moment): Promise<Blob> {
  const { canvas, scene } = prepare(picture)
  try {
    scene.show(moment)
    await scene.drawNow()
    return await toPng(canvas)
  } finally {
    scene.dispose()
  }
}

/** Draws picture by picture, as long as each takes: a slow machine gives the same film. */
export async function renderFilm(
  picture: Picture,
  { positions, picturesPerSecond }: FilmPlan,
  format: FilmFormat,
  momentAt: (position: number) => Moment | null,
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<Blob> {
  const { canvas, scene } = prepare(picture)
  try {
    const encoder = await createEncoder(format, canvas, picturesPerSecond)
    for (const [index, position] of positions.entries()) {
      if (signal.aborted) {
        await encoder.cancel()
        signal.throwIfAborted()
      }
      const moment = momentAt(position)
      if (moment !== null) scene.show(moment)
      await scene.drawNow()
      await encoder.add(index)
      onProgress((index + 1) / positions.length)
      // The window stays alive between two pictures.
      await new Promise((resolve) => setTimeout(resolve))
    }
    return await encoder.finish()
  } finally {
    scene.dispose()
  }
}

function prepare({ description, look, field, camera, width, height }: Picture) {
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const scene = new ReplayScene(canvas, description, look, { isForExport: true })
  scene.lookFrom(camera.mode, camera.pose ?? undefined)
  scene.showField(field)
  return { canvas, scene }
}

function toPng(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob === null ? reject(new ExportError('The picture could not be made.')) : resolve(blob)),
      'image/png',
    )
  })
}
