import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { FromWorker, ToWorker } from '../../src-main/training/messages.ts'
import { batch, checkpointParts, episodeRecord, frames } from '../store/fixtures.ts'

/**
 * A worker whose training is a seeded sequence of numbers, and whose mishaps stand in the run's settings. It speaks the real messages
 * from a real process; what it sends at a step depends on nothing but the seed and the step, so a run that was broken can be held
 * against one that was not.
 */
const script = z.object({
  /** Waits at this step until it is asked to leave, unless it goes on from a checkpoint. */
  holdAt: z.int().optional(),
  killAt: z.int().optional(),
  failAt: z.int().optional(),
  gibberishAt: z.int().optional(),
  /** Goes on for ever after this step, whatever it is asked. */
  deafFrom: z.int().optional(),
})

let leaving = false
let commit = () => {}

process.on('disconnect', () => process.exit())
process.on('message', (message: ToWorker) => {
  if (message.type === 'start') void train(message)
  if (message.type === 'stop') leaving = true
  if (message.type === 'committed') commit()
})

async function train({ specification, resume, pretrained }: ToWorker & { type: 'start' }): Promise<void> {
  const { steps, seed, settings, recording } = specification
  const mishaps = resume === null ? script.parse(settings) : {}
  const counters = z.object({ state: z.int(), episodes: z.int() })
  let { state, episodes } =
    resume === null ? { state: seed, episodes: 0 } : counters.parse(resume.resume.values)
  let step = resume?.step ?? 0
  let pending = batch(step, { trainedSeconds: 0 })
  send({ type: 'ready', provenance })

  const checkpoint = async () => {
    const parts = checkpointParts(step, episodes)
    parts.networks.arrays.policy = Float32Array.of(state, step)
    parts.resume.values = { state, episodes }
    const committed = new Promise<void>((resolve) => {
      commit = resolve
    })
    send({ type: 'checkpoint', batch: pending, checkpoint: parts })
    pending = batch(step, { trainedSeconds: 0 })
    await committed
  }

  while (step < steps) {
    step++
    state = (state * 1103515245 + 12345) % 2 ** 31
    Object.assign(pending, { step, environmentSteps: 2 * step, recentReturn: -state })
    pending.trainedSeconds += 0.5
    if (step % recording.metricsEvery === 0) {
      const start = pretrained?.networks.arrays.policy?.[1] ?? -1
      pending.metrics.push({ step, values: { loss: state / 2 ** 31, pretrainedSteps: start } })
    }
    if (state % 7 === 0) {
      const failed = state % 3 === 0
      pending.episodes.push(
        episodeRecord(episodes++, {
          step,
          return: -state,
          kind: state % 5 === 0 ? 'evaluation' : 'training',
          outcome: failed ? 'failure' : 'success',
          cause: failed ? 'lava' : null,
          frames: failed ? frames(state) : null,
        }),
      )
    }
    if (step === mishaps.killAt) process.kill(process.pid, 'SIGKILL')
    if (step === mishaps.gibberishAt) process.send?.({ type: 'batch', batch: { step: 'many' } })
    if (step === mishaps.failAt) {
      send({ type: 'failed', message: 'The loss is no number.', detail: 'at step' })
      return leave()
    }
    while (mishaps.deafFrom !== undefined && step >= mishaps.deafFrom) await sleep(1000)
    if (step === mishaps.holdAt) {
      send({ type: 'batch', batch: pending })
      pending = batch(step, { trainedSeconds: 0 })
      while (!leaving) await sleep(5)
    }
    if (leaving) {
      await checkpoint()
      send({ type: 'stopped' })
      return leave()
    }
    if (step % recording.checkpointEvery === 0) await checkpoint()
    else if (step % 25 === 0) {
      send({ type: 'batch', batch: pending })
      pending = batch(step, { trainedSeconds: 0 })
      await setImmediate()
    }
  }
  await checkpoint()
  send({ type: 'finished' })
  leave()
}

const provenance = {
  application: 'scripted',
  gitCommit: null,
  engine: 'none',
  threads: 1,
  cpu: 'any',
  platform: process.platform,
  packages: {},
}

function send(message: FromWorker): void {
  process.send?.(message)
}

function leave(): void {
  process.disconnect()
}
