import type { EnvironmentDefinition } from '../environment.ts'
import { ACTION, OBSERVATION, PAST } from './memory.ts'
import { type MinitaurParameters, minitaurParameters } from './parameters.ts'

export const minitaur: EnvironmentDefinition<MinitaurParameters> = {
  parameters: minitaurParameters,
  sizes: ({ episodeLength }) => ({
    observationSize: OBSERVATION,
    actionSize: ACTION,
    maximumSteps: episodeLength,
    pastSteps: PAST,
  }),
  async create(parameters, random) {
    const { Minitaur } = await import('./minitaur.ts')
    return new Minitaur(parameters, random)
  },
}
