import { StandardMaterial } from '@babylonjs/core/Materials/standardMaterial.js'
import { Color3 } from '@babylonjs/core/Maths/math.color.js'
import type { Scene } from '@babylonjs/core/scene.js'
import type { Geometry, Material } from '../../../src-main/contract/index.ts'
import type { Colour, SceneLook } from './look.ts'

interface Finish {
  /** Share of its colour that it gives off itself. */
  glow: number
  gloss: number
  alpha: number
}

const matt: Finish = { glow: 0, gloss: 0.04, alpha: 1 }
const finishes: Record<Material, Finish> = {
  ground: matt,
  hazard: { glow: 0.22, gloss: 0.1, alpha: 1 },
  structure: { glow: 0, gloss: 0.5, alpha: 1 },
  agent: { glow: 0, gloss: 0.25, alpha: 1 },
  agentAccent: { glow: 0.25, gloss: 0.3, alpha: 1 },
  object: { glow: 0, gloss: 0.1, alpha: 1 },
  goal: { glow: 0.6, gloss: 0, alpha: 0.3 },
  start: { glow: 0.6, gloss: 0, alpha: 0.9 },
}

/** One material for each role and colour of a scene. */
export class Materials {
  readonly #made = new Map<string, StandardMaterial>()
  readonly #scene: Scene
  readonly #look: SceneLook

  constructor(scene: Scene, look: SceneLook) {
    this.#scene = scene
    this.#look = look
  }

  /** @param opacity multiplies the material's own. */
  of({ material, colour }: Pick<Geometry, 'material' | 'colour'>, opacity = 1): StandardMaterial {
    const key = `${material} ${colour?.join() ?? ''} ${opacity}`
    const shade = colour ?? this.#look.materials[material]
    const made = this.#made.get(key) ?? this.#make(key, shade, material, opacity)
    this.#made.set(key, made)
    return made
  }

  dispose(): void {
    for (const material of this.#made.values()) material.dispose()
    this.#made.clear()
  }

  /** The colour itself, whatever the light. */
  flat(name: string, colour: Colour, alpha = 1): StandardMaterial {
    const material = new StandardMaterial(name, this.#scene)
    material.disableLighting = true
    material.emissiveColor = toColor3(colour)
    material.alpha = alpha
    material.backFaceCulling = false
    return material
  }

  #make(name: string, colour: Colour, role: Material, opacity: number): StandardMaterial {
    const { glow, gloss, alpha } = finishes[role]
    const material = new StandardMaterial(name, this.#scene)
    material.diffuseColor = toColor3(colour)
    material.emissiveColor = toColor3(colour).scale(glow)
    material.specularColor = new Color3(gloss, gloss, gloss)
    // The glossier, the narrower: metal shines at its edges, plastic all over.
    material.specularPower = gloss > 0.4 ? 48 : 24
    material.alpha = alpha * opacity
    return material
  }
}

export function toColor3([red, green, blue]: Colour): Color3 {
  return new Color3(red, green, blue)
}
