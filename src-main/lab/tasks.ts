import type { SceneDescription } from '../contract/scenes.ts'
import type { Task } from '../contract/transfer.ts'
import type { VisibleEnvironment } from '../environments/environment.ts'
import { createEnvironment, environmentParameters } from '../environments/registry.ts'
import { createStreams } from '../random.ts'
import { LabError } from './errors.ts'
import { tryFailures } from './failure-trial.ts'
import { explain } from './problems.ts'

/** @throws LabError with a sentence about the first parameter that is not valid. */
async function open({ environment, parameters }: Task): Promise<VisibleEnvironment> {
  const parsed = environmentParameters(environment).safeParse(parameters)
  if (!parsed.success) throw new LabError('INVALID', explain('parameter', parsed.error))
  return createEnvironment({ environment, parameters }, createStreams(0).environment)
}

export const taskCases = {
  tryFailures,
  scene: async (task: Task): Promise<SceneDescription> => (await open(task)).scene,
  async preview(task: Task): Promise<{ scene: SceneDescription; poses: number[] }> {
    const environment = await open(task)
    environment.reset('fixed')
    return {
      scene: environment.scene,
      poses: [...environment.motion(environment.snapshot(), null).poses],
    }
  },
}
