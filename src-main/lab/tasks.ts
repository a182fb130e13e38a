import type { SceneDescription } from '../contract/scenes.ts'
import type { Task } from '../contract/transfer.ts'
import { createEnvironment, environmentParameters } from '../environments/registry.ts'
import { createStreams } from '../random.ts'
import { LabError } from './errors.ts'
import { explain } from './problems.ts'

export const taskCases = {
  /** @throws LabError with a sentence about the first parameter that is not valid. */
  scene({ environment, parameters }: Task): SceneDescription {
    const parsed = environmentParameters(environment).safeParse(parameters)
    if (!parsed.success) throw new LabError('INVALID', explain('parameter', parsed.error))
    return createEnvironment({ environment, parameters }, createStreams(0).environment).scene
  },
}
