import type { Material } from '../../../src-main/contract/index.ts'

/** Red, green and blue from 0 to 1. */
export type Colour = readonly [number, number, number]

/** The colours of the theme that a scene is drawn in. */
export interface SceneLook {
  isDark: boolean
  background: Colour
  grid: Colour
  text: Colour
  accent: Colour
  failure: Colour
  success: Colour
  timeout: Colour
  chosen: Colour
  allowed: Colour
  masked: Colour
  materials: Record<Material, Colour>
}

const tokens = {
  background: '--scene-background',
  grid: '--scene-grid',
  text: '--scene-text',
  accent: '--accent',
  failure: '--failure',
  success: '--ink',
  timeout: '--ink-muted',
  chosen: '--action-chosen',
  allowed: '--action-allowed',
  masked: '--action-masked',
} as const

const materialTokens: Record<Material, string> = {
  ground: '--scene-ground',
  hazard: '--scene-hazard',
  structure: '--scene-structure',
  agent: '--scene-agent',
  agentAccent: '--scene-agent-accent',
  object: '--scene-object',
  goal: '--scene-goal',
  start: '--scene-start',
}

/** @param resolve gives the `rgb()` that a CSS expression means in the theme of the moment. */
export function readLook(isDark: boolean, resolve: (expression: string) => string): SceneLook {
  const read = (token: string) => parseColour(resolve(`var(${token})`))
  return {
    isDark,
    ...mapValues(tokens, read),
    materials: mapValues(materialTokens, read),
  }
}

export function parseColour(text: string): Colour {
  const [red = 0, green = 0, blue = 0] = (text.match(/[\d.]+/g) ?? []).map(Number)
  return [red / 255, green / 255, blue / 255]
}

function mapValues<Key extends string, From, To>(
  record: Readonly<Record<Key, From>>,
  change: (value: From) => To,
): Record<Key, To> {
  const keys = Object.keys(record) as Key[]
  return Object.fromEntries(keys.map((key) => [key, change(record[key])])) as Record<Key, To>
}
