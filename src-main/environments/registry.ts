import type { z } from 'zod'
import type { EnvironmentName, Task } from '../contract/transfer.ts'
import type { Random } from '../random.ts'
import { cubeRotate } from './cube-rotate/definition.ts'
import { drunkSpider } from './drunk-spider.ts'
import type { EnvironmentDefinition, EnvironmentSizes, VisibleEnvironment } from './environment.ts'
import { minitaur } from './minitaur/definition.ts'

/** A definition whose parameters are parsed by its own schema before they are used, so that all definitions have one type. */
interface Registered {
  parameters: z.ZodType
  sizes(parameters: Task['parameters']): EnvironmentSizes
  create(parameters: Task['parameters'], random: Random): Promise<VisibleEnvironment>
}

function register<Parameters>({ parameters, sizes, create }: EnvironmentDefinition<Parameters>): Registered {
  return {
    parameters,
    sizes: (values) => sizes(parameters.parse(values)),
    create: (values, random) => create(parameters.parse(values), random),
  }
}

/** Every environment by name. */
const environments: Readonly<Record<EnvironmentName, Registered>> = {
  'drunk-spider': register(drunkSpider),
  minitaur: register(minitaur),
  'cube-rotate': register(cubeRotate),
}

export function environmentParameters(name: EnvironmentName): z.ZodType {
  return environments[name].parameters
}

/** @throws z.ZodError where a parameter is unknown or out of range. */
export function environmentSizes({ environment, parameters }: Task): EnvironmentSizes {
  return environments[environment].sizes(parameters)
}

/** Rejects with a z.ZodError where a parameter is unknown or out of range. */
export async function createEnvironment(
  { environment, parameters }: Task,
  random: Random,
): Promise<VisibleEnvironment> {
  return environments[environment].create(parameters, random)
}
