import type { Body, SceneDescription } from '../../src-main/contract/index.ts'

/** How a part of the scene is drawn: a body, or one of its geometries. */
export interface PartLook {
  isVisible: boolean
  /** From 0 to 1; multiplies what the material has itself. */
  opacity: number
}

/** Of the parts that are drawn otherwise than they are, by `bodyKey` and `geometryKey`. */
export type PartLooks = ReadonlyMap<string, PartLook>

export const plainLook: PartLook = { isVisible: true, opacity: 1 }
export const noLooks: PartLooks = new Map()

/** Of what is transparent at one stroke; the shapes behind it can be told. */
export const transparentOpacity = 0.35

export const bodyKey = ({ name }: Pick<Body, 'name'>): string => name
export const geometryKey = (body: Pick<Body, 'name'>, index: number): string => `${body.name}/${index}`

/** A geometry is as visible as its body lets it be. */
export function lookOf(looks: PartLooks, body: Pick<Body, 'name'>, index: number): PartLook {
  const of = (key: string) => looks.get(key) ?? plainLook
  const [whole, own] = [of(bodyKey(body)), of(geometryKey(body, index))]
  return { isVisible: whole.isVisible && own.isVisible, opacity: whole.opacity * own.opacity }
}

export function withLook(looks: PartLooks, key: string, change: Partial<PartLook>): PartLooks {
  const changed = new Map(looks)
  const look = { ...(looks.get(key) ?? plainLook), ...change }
  if (look.isVisible && look.opacity === 1) changed.delete(key)
  else changed.set(key, look)
  return changed
}

/** What never moves is hidden, or shown again where all of it is. */
export function toggleFixedBodies(looks: PartLooks, { bodies }: SceneDescription): PartLooks {
  const fixed = bodies.filter(({ massKilograms }) => massKilograms === null)
  const areHidden = fixed.every((body) => looks.get(bodyKey(body))?.isVisible === false)
  return fixed.reduce((all, body) => withLook(all, bodyKey(body), { isVisible: areHidden }), looks)
}

/** What moves becomes transparent, or solid again where all of it is. */
export function toggleTransparentBodies(looks: PartLooks, { bodies }: SceneDescription): PartLooks {
  const moving = bodies.filter(({ massKilograms }) => massKilograms !== null)
  const areTransparent = moving.every((body) => (looks.get(bodyKey(body))?.opacity ?? 1) < 1)
  const opacity = areTransparent ? 1 : transparentOpacity
  return moving.reduce((all, body) => withLook(all, bodyKey(body), { opacity }), looks)
}
