import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshEpisode } from '../../src-main/contract/episode-references.ts'
import type { RunState } from '../../src-main/contract/runs.ts'
import type { Phase, TransferRequest } from '../../src-main/contract/transfer.ts'
import type { PlanTransfer } from '../../src-main/lab/experiments.ts'
import { type LabOptions, openLab } from '../../src-main/lab/lab.ts'
import { planTransfer } from '../../src-main/lab/transfer.ts'
import { openStore } from '../../src-main/store/open.ts'
import type { ToWorker } from '../../src-main/training/messages.ts'
import { forkWorker, type StartWorker } from '../../src-main/training/worker-process.ts'
import { fingerprint } from '../algorithms/start-learner.ts'
import { temporaryFolder } from '../store/fixtures.ts'
import { recordOf, until } from './scripted.ts'

const request: TransferRequest = {
  environment: 'drunk-spider',
  methods: ['sqrl'],
  seeds: [3],
  pretrainSteps: 1200,
  finetuneSteps: 400,
  settings: {
    'sac.hiddenSizes': [16, 16],
    'sac.batchSize': 16,
    'sac.randomSteps': 100,
    'sac.learningStarts': 100,
    'sqrl.candidates': 10,
    'sqrl.offlineSteps': 250,
    'sqrl.rolloutEpisodes': 3,
    'sqrl.safetyUpdates': 100,
    'sqrl.safetyBatchSize': 16,
    'sqrl.initialMultiplier': 1,
    'finetune.sqrl.safetyTraining': 'online',
    'finetune.sqrl.falseAlarmRate': 0.1,
  },
}
const recording = {
  checkpointEvery: 300,
  metricsEvery: 50,
  failureFramesLimit: 5,
  evaluation: { every: 200, episodes: 3 },
}

const planned: PlanTransfer = (request) =>
  planTransfer(request).map((run) => ({ ...run, specification: { ...run.specification, recording } }))
const plannedPretraining: PlanTransfer = (request) =>
  planned(request).filter(({ specification }) => specification.phase === 'pretrain')

const speeds = ['stepsPerSecond', 'updatesPerSecond', 'memoryMegabytes']

/** All that is to be the same, to the last bit: what depends on time and machine is left out. */
async function recorded(folder: string, runId: number) {
  const store = await openStore(folder)
  try {
    const { counters, metrics, episodes, evaluations, networks, resume } = recordOf(store, runId)
    const { trainedSeconds: _, ...rest } = counters
    const { arrays, values } = resume ?? { arrays: {}, values: {} }
    return {
      counters: rest,
      metrics: Object.fromEntries(Object.entries(metrics).filter(([name]) => !speeds.includes(name))),
      episodes,
      evaluations,
      networks: networks && fingerprint(networks),
      resume: fingerprint({ arrays, values }),
    }
  } finally {
    store.close()
  }
}

/** Trains what the plan says and resumes what was interrupted or paused until all of it is finished. */
async function train(folder: string, changes: Partial<TransferRequest>, options: Partial<LabOptions>) {
  const lab = await openLab(folder, { slots: 1, planTransfer: planned, ...options })
  const states: RunState[] = []
  try {
    lab.experiments.start({ ...request, ...changes })
    for (;;) {
      await lab.whenIdle()
      const stranded = lab.runs.list().filter(({ state }) => state === 'interrupted' || state === 'paused')
      states.push(...stranded.map(({ state }) => state))
      for (const { id } of stranded) lab.runs.resume(id)
      if (stranded.length === 0) break
    }
    expect(lab.runs.list().map(({ state, error }) => [state, error])).toEqual(
      lab.runs.list().map(() => ['finished', null]),
    )
  } finally {
    await lab.close()
  }
  return states
}

type Death =
  /** So long after it began to train. */
  | { afterMillis: number }
  /** When it sends its next checkpoint: just before the lab hears of it, or just after the lab wrote it. */
  | { checkpoint: 'lost' | 'written' }

/** Real workers that are killed, one after the other, as the phase's list says; the ones after the list live. */
function dyingWorkers(deaths: Readonly<Record<Phase, Death[]>>): StartWorker {
  return () => {
    const worker = forkWorker()
    let death: Death | undefined
    let dead = false
    const die = () => {
      dead = true
      worker.kill()
    }
    return {
      ...worker,
      send(message: ToWorker) {
        if (message.type === 'start') death = deaths[message.specification.phase].shift()
        worker.send(message)
      },
      onMessage(listener) {
        worker.onMessage((message) => {
          const type =
            typeof message === 'object' && message !== null && 'type' in message ? message.type : null
          if (type === 'ready' && death && 'afterMillis' in death) setTimeout(die, death.afterMillis)
          const dies = type === 'checkpoint' && death && 'checkpoint' in death ? death.checkpoint : null
          if (dies === 'lost') die()
          if (!dead) listener(message)
          if (dies === 'written') die()
        })
      },
    }
  }
}

describe('a run trained by real workers', { timeout: 300_000 }, () => {
  const folders: Disposable[] = []
  const folder = () => {
    const made = temporaryFolder()
    folders.push(made)
    return made.path
  }
  afterAll(() => {
    for (const folder of folders) folder[Symbol.dispose]()
  })

  let pretrain: Awaited<ReturnType<typeof recorded>>
  let finetune: Awaited<ReturnType<typeof recorded>>
  let path: string
  beforeAll(async () => {
    path = folder()
    expect(await train(path, {}, {})).toEqual([])
    pretrain = await recorded(path, 1)
    finetune = await recorded(path, 2)
  }, 300_000)

  it('records all of what it did', () => {
    expect(pretrain.counters).toMatchObject({ step: 1200, episodes: pretrain.episodes.length })
    expect(finetune.counters).toMatchObject({ step: 400, environmentSteps: 400 })
    expect(pretrain.metrics.safetyLoss?.steps).toEqual([250, 500, 750, 1000])
    expect(pretrain.metrics.policyLoss?.steps).toEqual(Array.from({ length: 23 }, (_, i) => 100 + 50 * i))
    expect(finetune.metrics.maskAcceptance?.steps).toEqual(Array.from({ length: 8 }, (_, i) => 50 + 50 * i))
    expect(pretrain.episodes.map(({ index }) => index)).toEqual(pretrain.episodes.map((_, index) => index))
    expect(pretrain.episodes.filter(({ kind }) => kind === 'rollout')).toHaveLength(4 * 3)
    expect(pretrain.episodes.filter(({ frames }) => frames !== null)).toHaveLength(5)
    expect(finetune.networks?.policy).not.toBe(pretrain.networks?.policy)
  })

  it('is evaluated at its beginning and then so often', () => {
    const steps = [0, 200, 400, 600, 800, 1000, 1200]
    expect(pretrain.evaluations.map(({ step }) => step)).toEqual(steps.flatMap((step) => [step, step, step]))
    expect(pretrain.metrics.evaluationReturn?.steps).toEqual(steps)
    expect(finetune.metrics.evaluationFailureRate?.steps).toEqual([0, 200, 400])
    const last = pretrain.evaluations.slice(-3)
    const mean = last.reduce((sum, episode) => sum + episode.return, 0) / 3
    expect(pretrain.metrics.evaluationReturn?.values.at(-1)).toBe(mean)
  })

  it('learns to the last bit what it learns without being evaluated', async () => {
    const unmeasured = folder()
    const { evaluation: _, ...bare } = recording
    const planTransfer: PlanTransfer = (request) =>
      planned(request).map((run) => ({ ...run, specification: { ...run.specification, recording: bare } }))
    await train(unmeasured, {}, { planTransfer })
    for (const [id, measured] of [pretrain, finetune].entries()) {
      const isOfTraining = ([name]: [string, unknown]) => !name.startsWith('evaluation')
      const metrics = Object.fromEntries(Object.entries(measured.metrics).filter(isOfTraining))
      expect(await recorded(unmeasured, id + 1)).toEqual({ ...measured, metrics, evaluations: [] })
    }
  })

  it('is evaluated by the very episodes that the replay plays from its checkpoint', async () => {
    const lab = await openLab(path, { train: false })
    try {
      for (const [index, { evaluations }] of [pretrain, finetune].entries()) {
        const checkpoint = lab.checkpoints.list(index + 1).at(-1)
        const last = evaluations.filter(({ step }) => step === checkpoint?.step)
        expect(last).toHaveLength(3)
        for (const { seed, outcome, length, finalQSafe, ...evaluated } of last) {
          const masked = index === 1
          const fresh = { checkpointId: checkpoint?.id, masked, actions: 'deterministic', seed }
          const { episode } = await lab.replays.get({ fresh: freshEpisode.parse(fresh) })
          expect(episode).toMatchObject({ outcome, length, finalQSafe, return: evaluated.return })
        }
      }
    } finally {
      await lab.close()
    }
  })

  it('is the same when its workers were killed and it was resumed', async () => {
    const path = folder()
    const moment = () => ({ afterMillis: Math.floor(600 * Math.random()) })
    const deaths: Record<Phase, Death[]> = {
      pretrain: [{ checkpoint: 'lost' }, { checkpoint: 'written' }, moment()],
      finetune: [{ checkpoint: 'lost' }, moment()],
    }
    const states = await train(path, {}, { startWorker: dyingWorkers(deaths) })
    // The named deaths always come; a worker whose moment comes too late lives to the end of its run, so moments stand last.
    expect(states.filter((state) => state === 'interrupted').length).toBeGreaterThanOrEqual(3)
    expect(await recorded(path, 1)).toEqual(pretrain)
    expect(await recorded(path, 2)).toEqual(finetune)
  })

  it('is the same when it was paused between two checkpoints, and extended after its end', async () => {
    const path = folder()
    const lab = await openLab(path, { slots: 1, planTransfer: plannedPretraining })
    try {
      lab.experiments.start({ ...request, pretrainSteps: 710 })
      await until(() => lab.runs.get(1).step > 0)
      lab.runs.pause(1)
      await lab.whenIdle()
      expect(['paused', 'finished']).toContain(lab.runs.get(1).state)
      if (lab.runs.get(1).state === 'paused') lab.runs.resume(1)
      await lab.whenIdle()
      expect(lab.runs.get(1)).toMatchObject({ state: 'finished', step: 710 })
      lab.runs.extend(1, 490)
      await lab.whenIdle()
      expect(lab.runs.get(1)).toMatchObject({ state: 'finished', step: 1200 })
    } finally {
      await lab.close()
    }
    expect(await recorded(path, 1)).toEqual(pretrain)
  })
})
