import { parseArgs } from 'node:util'
import { createUpdateTimer, measureRate } from '../../src-main/algorithms/update-rate.ts'
import { environmentName } from '../../src-main/contract/transfer.ts'
import { compiledEngine } from '../../src-main/engine/compiled/compiled-engine.ts'
import { Simulator } from '../../src-main/environments/mujoco.ts'
import { createEnvironment, environmentSizes } from '../../src-main/environments/registry.ts'
import { readModel } from '../../src-main/environments/resources.ts'
import { presetFor } from '../../src-main/lab/presets/registry.ts'
import { createStreams } from '../../src-main/random.ts'

/**
 * What a step costs: of the physics, of an environment under random actions (which falls and drops as it may), and of a SAC update at the sizes and the
 * batch that the preset `study` gives the environment. In microseconds of processor time; what else the machine does makes all of them larger.
 */

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '3' }, json: { type: 'boolean', default: false } },
})
const seconds = Number(values.seconds)
if (!(seconds > 0)) {
  console.error(`--seconds takes a number above 0, not ${values.seconds}.`)
  process.exit(2)
}

const models = { 'drunk-spider': null, minitaur: 'minitaur.xml', 'cube-rotate': 'cube-hand.xml' } as const
const CALLS = 20

async function physicsMicroseconds(file: string): Promise<number> {
  const simulator = new Simulator(readModel(file))
  const steps = 100
  const rate = await measureRate(async () => {
    simulator.resetToKeyframe(0)
    for (let step = 0; step < steps; step++) simulator.step()
  }, seconds)
  simulator.dispose()
  return 1e6 / rate / steps
}

async function measure(name: (typeof environmentName.options)[number]) {
  const task = { environment: name, parameters: {} }
  const { exploration, environment: random } = createStreams(0)
  const environment = await createEnvironment(task, random)
  const sizes = environmentSizes(task)
  const action = new Float32Array(sizes.actionSize)
  const stepRate = await measureRate(async () => {
    for (let call = 0; call < CALLS; call++) {
      for (const index of action.keys()) action[index] = 2 * exploration.uniform() - 1
      const { terminated, truncated } = environment.step(action)
      if (terminated || truncated) environment.reset('fixed')
    }
  }, seconds)
  const { settings } = presetFor('study', name, 'pretrain')
  const batchSize = Number(settings['sac.batchSize'] ?? 256)
  const timer = await createUpdateTimer(compiledEngine, { ...sizes, batchSize, hiddenSizes: [256, 256] })
  const file = models[name]
  const microseconds = {
    physicsStep: file === null ? null : await physicsMicroseconds(file),
    controlStep: 1e6 / stepRate / CALLS,
    update: 1e6 / (await timer(seconds)),
  }
  const stepsPerSecond = 1e6 / (microseconds.controlStep + microseconds.update)
  return { name, batchSize, microseconds, stepsPerSecond }
}

const rows = []
for (const name of environmentName.options) rows.push(await measure(name))

if (values.json) console.log(JSON.stringify({ seconds, environments: rows }, null, 2))
else {
  const print = (...cells: string[]) =>
    console.log(cells.map((cell, index) => (index ? cell.padStart(16) : cell.padEnd(14))).join(''))
  const whole = (value: number | null) => (value === null ? '–' : value.toFixed(value < 10 ? 1 : 0))
  print('', 'physics step', 'control step', 'SAC update', 'batch', 'steps/s')
  for (const { name, batchSize, microseconds, stepsPerSecond } of rows)
    print(
      name,
      `${whole(microseconds.physicsStep)} µs`,
      `${whole(microseconds.controlStep)} µs`,
      `${whole(microseconds.update)} µs`,
      `${batchSize}`,
      whole(stepsPerSecond),
    )
}
