import type { EnvironmentName, Task } from '../contract/transfer.ts'
import type { Random } from '../random.ts'
import { drunkSpider } from './drunk-spider.ts'
import type { VisibleEnvironment } from './environment.ts'

/** Every environment by name. The parameters of a definition are parsed by its own schema before they are used. */
const environments = { 'drunk-spider': drunkSpider } as const satisfies Record<EnvironmentName, unknown>

export function environmentParameters(name: EnvironmentName) {
  return environments[name].parameters
}

/** @throws z.ZodError where a parameter is unknown or out of range. */
export function createEnvironment(task: Task, random: Random): VisibleEnvironment {
  const definition = environments[task.environment]
  return definition.create(definition.parameters.parse(task.parameters), random)
}
