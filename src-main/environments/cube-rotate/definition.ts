import type { EnvironmentDefinition } from '../environment.ts'
import { MOTORS, OBSERVATION } from './hand.ts'
import { type CubeRotateParameters, cubeRotateParameters } from './parameters.ts'

export const cubeRotate: EnvironmentDefinition<CubeRotateParameters> = {
  parameters: cubeRotateParameters,
  sizes: ({ episodeLength }) => ({
    observationSize: OBSERVATION,
    actionSize: MOTORS.length,
    maximumSteps: episodeLength,
    pastSteps: 0,
  }),
  async create(parameters, random) {
    const { CubeRotate } = await import('./cube-rotate.ts')
    return new CubeRotate(parameters, random)
  },
}
