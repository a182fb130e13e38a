import { environmentName } from '../../src-main/contract/transfer.ts'
import { createEnvironment } from '../../src-main/environments/registry.ts'
import { describeConformance, type Subject } from './conformance.ts'

type Kind = Omit<Subject, 'name' | 'create'>

/** What the suite must know of each environment of the registry; a new environment does not compile without its line. */
const kinds: Record<(typeof environmentName.options)[number], Kind> = {
  'drunk-spider': {
    observesUnitRange: true,
    idle: () => Float32Array.of(0, 0),
    reckless: () => Float32Array.of(0.3, -1),
  },
}

for (const name of environmentName.options)
  describeConformance({
    name,
    create: (random) => createEnvironment({ environment: name, parameters: {} }, random),
    ...kinds[name],
  })
