import { describe, expect, it } from 'vitest'
import { type EnvironmentName, environmentName } from '../../src-main/contract/transfer.ts'
import { CubeRotate } from '../../src-main/environments/cube-rotate/cube-rotate.ts'
import { MOTORS } from '../../src-main/environments/cube-rotate/hand.ts'
import { cubeRotateParameters } from '../../src-main/environments/cube-rotate/parameters.ts'
import { DrunkSpider, drunkSpiderParameters } from '../../src-main/environments/drunk-spider.ts'
import { Minitaur } from '../../src-main/environments/minitaur/minitaur.ts'
import { minitaurParameters } from '../../src-main/environments/minitaur/parameters.ts'
import { createEnvironment, environmentSizes } from '../../src-main/environments/registry.ts'
import { createStreams } from '../../src-main/random.ts'
import { describeConformance, type Subject } from './conformance.ts'

/** What the suite must know of each environment of the registry; a new environment does not compile without its line. */
const subjects: Record<EnvironmentName, Omit<Subject, 'name'>> = {
  'drunk-spider': {
    create: (random) => new DrunkSpider(drunkSpiderParameters.parse({}), random),
    observesUnitRange: true,
    idle: () => Float32Array.of(0, 0),
    reckless: () => Float32Array.of(0.3, -1),
  },
  minitaur: {
    create: (random) => new Minitaur(minitaurParameters.parse({ episodeLength: 100 }), random),
    observesUnitRange: false,
    idle: () => new Float32Array(8),
    reckless: () => Float32Array.of(1, 1, 1, 1, -1, 1, -1, 1),
  },
  'cube-rotate': {
    create: (random) => new CubeRotate(cubeRotateParameters.parse({ episodeLength: 50 }), random),
    observesUnitRange: false,
    idle: () => new Float32Array(MOTORS.length),
    reckless: () => new Float32Array(MOTORS.length).fill(-1),
  },
}

for (const name of environmentName.options) {
  describeConformance({ name, ...subjects[name] })

  describe(`the registered ${name}`, () => {
    const task = { environment: name, parameters: {} }

    it('has the sizes that were told before it was made', async () => {
      const { observationSize, actionSize, maximumSteps } = await createEnvironment(
        task,
        createStreams(0).environment,
      )
      expect(environmentSizes(task)).toMatchObject({ observationSize, actionSize, maximumSteps })
    })

    it('is not made with a parameter that it does not know', async () => {
      const wrong = { ...task, parameters: { gravityOfTheMoon: 1.6 } }
      await expect(createEnvironment(wrong, createStreams(0).environment)).rejects.toThrow()
    })
  })
}
