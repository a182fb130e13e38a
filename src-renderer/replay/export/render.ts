import type { SceneDescription } from '../../../src-main/contract/index.ts'
import type { Picture, Viewpoint } from '../picture.ts'
import type { FieldShown } from '../scene/field.ts'
import type { SceneLook } from '../scene/look.ts'
import type { Moment } from '../scene/replay-scene.ts'
import { createEncoder, type FilmFormat } from './encoders.ts'
import type { FilmPlan } from './film.ts'
import { toPng } from './png.ts'

/** What is drawn, apart from the window: another size, the same view. */
export interface PictureOrder {
  /** One for each pane. */
  scenes: readonly SceneDescription[]
  viewpoints: readonly Viewpoint[]
  field: FieldShown | null
  look: SceneLook
  width: number
  height: number
}

export async function renderPng(order: PictureOrder, moments: readonly Moment[]): Promise<Blob> {
  const { canvas, picture } = await prepare(order)
  try {
    picture.show(moments)
    await picture.drawNow()
    return await toPng(canvas)
  } finally {
    picture.dispose()
  }
}

/** Draws picture by picture, as long as each takes: a slow machine gives the same film. */
export async function renderFilm(
  order: PictureOrder,
  { positions, picturesPerSecond }: FilmPlan,
  format: FilmFormat,
  momentsAt: (position: number) => readonly Moment[],
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<Blob> {
  const { canvas, picture } = await prepare(order)
  try {
    const encoder = await createEncoder(format, canvas, picturesPerSecond)
    try {
      for (const [index, position] of positions.entries()) {
        signal.throwIfAborted()
        picture.show(momentsAt(position))
        await picture.drawNow()
        await encoder.add(index)
        onProgress((index + 1) / positions.length)
        // The window stays alive between two pictures.
        await new Promise((resolve) => setTimeout(resolve))
      }
      return await encoder.finish()
    } catch (error) {
      await encoder.cancel()
      throw error
    }
  } finally {
    picture.dispose()
  }
}

async function prepare({ scenes, viewpoints, field, look, width, height }: PictureOrder) {
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const picture = await createPicture(canvas, look)
  picture.arrange(scenes)
  // Each has its own viewpoint, also where the panes of the window are linked.
  picture.link(false)
  picture.lookFromAll(viewpoints)
  picture.showField(field)
  return { canvas, picture }
}

/** In three dimensions where the browser can, else from above. */
async function createPicture(canvas: HTMLCanvasElement, look: SceneLook): Promise<Picture> {
  try {
    const { ReplayPicture } = await import('../scene/replay-picture.ts')
    return new ReplayPicture(canvas, look, { isForExport: true })
  } catch {
    const { FlatPicture } = await import('../flat/flat-picture.ts')
    return new FlatPicture(canvas, look, { isForExport: true })
  }
}
