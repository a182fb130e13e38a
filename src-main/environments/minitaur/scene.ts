import type { Material, SceneDescription } from '../../contract/scenes.ts'
import type { Simulator } from '../mujoco.ts'

export function sceneOf(simulator: Simulator, secondsPerFrame: number): SceneDescription {
  return {
    lengthUnit: 'm',
    secondsPerFrame,
    low: [-1, -1, 0],
    high: [3, 1, 0.6],
    bodies: simulator.bodies(materialOf),
    joints: simulator.joints(),
    mainBody: 'base',
    actionArrow: null,
    field: null,
    largestPush: 20,
  }
}

function materialOf(geometry: string): Material {
  if (geometry === 'floor') return 'ground'
  if (geometry.endsWith('_rotor')) return 'agentAccent'
  // Metal: what the motors sit in and turn.
  return geometry.startsWith('mount') || geometry.endsWith('_upper') ? 'structure' : 'agent'
}
