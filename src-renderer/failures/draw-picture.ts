import type { Material, SceneDescription } from '../../src-main/contract/index.ts'
import { resolveColour } from '../charts/colours.ts'
import { fitInto, type Point, topView } from './top-view.ts'

/** Colours of a small picture, as they are in the theme of the moment. */
interface PictureLook {
  materials: Record<Material, string>
  background: string
  way: string
  failure: string
}

const MARGIN = 3
/** Frames before the end that are drawn in the colour of failure. */
const FATAL_FRAMES = 2

const looks = new Map<string, PictureLook>()

function lookOf(scheme: string): PictureLook {
  const known = looks.get(scheme)
  if (known !== undefined) return known
  const read = (name: string) => resolveColour(`var(--${name})`)
  const look: PictureLook = {
    materials: {
      ground: read('scene-ground'),
      hazard: read('scene-hazard'),
      structure: read('scene-structure'),
      agent: read('scene-agent'),
      agentAccent: read('scene-agent-accent'),
      object: read('scene-object'),
      goal: read('scene-goal'),
      start: read('scene-start'),
    },
    background: read('paper'),
    way: read('ink'),
    failure: read('failure'),
  }
  looks.set(scheme, look)
  return look
}

/** Scenes already drawn, by size and theme: a picture is one copy and one line then. */
const floors = new WeakMap<SceneDescription, Map<string, HTMLCanvasElement>>()

function floorOf(scene: SceneDescription, width: number, height: number, ratio: number, scheme: string) {
  const ofScene = floors.get(scene) ?? new Map<string, HTMLCanvasElement>()
  floors.set(scene, ofScene)
  const key = `${width} ${height} ${ratio} ${scheme}`
  const known = ofScene.get(key)
  if (known !== undefined) return known
  const canvas = document.createElement('canvas')
  canvas.width = width * ratio
  canvas.height = height * ratio
  const context = canvas.getContext('2d')
  const look = lookOf(scheme)
  const toPicture = fitInto(scene, width, height, MARGIN)
  context?.scale(ratio, ratio)
  const [[left, bottom], [right, top]] = [
    toPicture([scene.low[0], scene.low[1]]),
    toPicture([scene.high[0], scene.high[1]]),
  ]
  context?.beginPath()
  context?.rect(left, top, right - left, bottom - top)
  context?.clip()
  for (const { material, colour, points } of topView(scene)) {
    if (context === null) break
    const paint =
      colour === null ? look.materials[material] : `rgb(${colour.map((part) => 255 * part).join(' ')})`
    trace(context, points.map(toPicture), true)
    // Places are told by their rims, so that a way through them is seen.
    const isPlace = material === 'goal' || material === 'start'
    context.globalAlpha = isPlace ? 0.3 : 1
    context.fillStyle = paint
    context.fill()
    context.globalAlpha = 1
    context.lineWidth = isPlace ? 1 : 0.5
    context.strokeStyle = paint
    context.stroke()
  }
  ofScene.set(key, canvas)
  return canvas
}

/** The scene from above, the way through it, and its failing end. @param way x, y of each state. */
export function drawPicture(
  canvas: HTMLCanvasElement,
  scene: SceneDescription,
  way: Float32Array | null,
  { width, height, scheme }: { width: number; height: number; scheme: string },
): void {
  const ratio = window.devicePixelRatio
  canvas.width = width * ratio
  canvas.height = height * ratio
  const context = canvas.getContext('2d')
  if (context === null) return
  context.drawImage(floorOf(scene, width, height, ratio, scheme), 0, 0)
  if (way === null || way.length < 2) return
  const look = lookOf(scheme)
  const toPicture = fitInto(scene, width, height, MARGIN)
  const points = Array.from({ length: way.length / 2 }, (_, i) =>
    toPicture([way[2 * i] ?? 0, way[2 * i + 1] ?? 0]),
  )
  context.scale(ratio, ratio)
  context.lineJoin = 'round'
  context.lineCap = 'round'
  const line = (part: readonly Point[], colour: string, lineWidth: number) => {
    trace(context, part, false)
    context.strokeStyle = colour
    context.lineWidth = lineWidth
    context.stroke()
  }
  const fatal = points.slice(-1 - FATAL_FRAMES)
  line(points, look.background, 4)
  line(points, look.way, 1.5)
  line(fatal, look.failure, 2)
  const [x, y] = points.at(-1) ?? [0, 0]
  for (const [colour, lineWidth] of [
    [look.background, 4.5],
    [look.failure, 2.2],
  ] as const) {
    line(
      [
        [x - 4, y - 4],
        [x + 4, y + 4],
      ],
      colour,
      lineWidth,
    )
    line(
      [
        [x - 4, y + 4],
        [x + 4, y - 4],
      ],
      colour,
      lineWidth,
    )
  }
}

function trace(context: CanvasRenderingContext2D, points: readonly Point[], isClosed: boolean): void {
  context.beginPath()
  for (const [index, [x, y]] of points.entries())
    if (index === 0) context.moveTo(x, y)
    else context.lineTo(x, y)
  if (isClosed) context.closePath()
}
