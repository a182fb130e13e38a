import { parseArgs } from 'node:util'
import { z } from 'zod'
import { Simulator } from '../../src-main/environments/mujoco.ts'
import { createEnvironment } from '../../src-main/environments/registry.ts'
import { readModel } from '../../src-main/environments/resources.ts'
import { createStreams } from '../../src-main/random.ts'

/**
 * Whether the robots' resets hold on to memory: that of MuJoCo, which no garbage collector sees, and that of the process. Every second reset begins anywhere and
 * draws another body; one control step follows each. As CSV.
 */

const robotName = z.enum(['minitaur', 'cube-rotate'])
const { values } = parseArgs({
  options: {
    resets: { type: 'string', default: '1000000' },
    environments: { type: 'string', default: robotName.options.join(',') },
  },
})
const resets = Number(values.resets)
if (!(Number.isInteger(resets) && resets >= 10)) {
  console.error(`--resets takes a whole number of at least 10, not ${values.resets}.`)
  process.exit(2)
}

const names = z.array(robotName).safeParse(values.environments.split(','))
if (!names.success) {
  console.error(
    `--environments takes one or more of ${robotName.options.join(',')}, not ${values.environments}.`,
  )
  process.exit(2)
}

const robots: Record<z.infer<typeof robotName>, Record<string, number[]>> = {
  minitaur: { footFriction: [0.5, 1.25], baseMassFactor: [0.8, 1.2], legMassFactor: [0.8, 1.2] },
  'cube-rotate': {},
}
const mebibytes = (bytes: number) => (bytes / 2 ** 20).toFixed(1)

// All simulators of a process share one memory, which only grows.
const probe = new Simulator(readModel('minitaur.xml'))
console.log('environment,resets,mujoco_mebibytes,process_mebibytes')
for (const environment of names.data) {
  const task = { environment, parameters: robots[environment] }
  const robot = await createEnvironment(task, createStreams(0).environment)
  const action = new Float32Array(robot.actionSize)
  for (let count = 0; count <= resets; count++) {
    if (count % (resets / 10) === 0) {
      const held = mebibytes(probe.positions.buffer.byteLength)
      console.log(`${environment},${count},${held},${mebibytes(process.memoryUsage().rss)}`)
    }
    robot.reset(count % 2 === 0 ? 'fixed' : 'random')
    robot.step(action)
  }
}
