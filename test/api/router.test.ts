import { createRouterClient, ORPCError } from '@orpc/server'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { guardStream } from '../../src-main/api/base.ts'
import { toApiError } from '../../src-main/api/errors.ts'
import { createRouter } from '../../src-main/api/router.ts'
import { LabError } from '../../src-main/lab/errors.ts'
import type { Lab } from '../../src-main/lab/lab.ts'
import { openTestLab, transfer } from '../lab/test-lab.ts'
import { temporaryFolder } from '../store/fixtures.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

let folder: ReturnType<typeof temporaryFolder>
let lab: Lab

beforeEach(async () => {
  folder = temporaryFolder()
  lab = await openTestLab(folder.path, { train: false })
})

afterEach(async () => {
  await lab.close()
  folder[Symbol.dispose]()
})

const connect = () => createRouterClient(createRouter(lab))

describe('createRouter()', () => {
  it('answers every noun of the contract from the lab', async () => {
    const client = connect()
    const experiment = await client.experiments.start(transfer({ seeds: [0] }))
    expect(await client.experiments.list()).toEqual([experiment])
    const [run] = await client.runs.list()
    expect(run).toMatchObject({ id: 1, experimentId: experiment.id, state: 'queued' })
    expect(await client.metrics.history({ runId: 1 })).toEqual({})
    expect(await client.episodes.list({ runId: 1 })).toEqual([])
    expect(await client.checkpoints.list({ runId: 1 })).toEqual([])
    expect(await client.failures.list({})).toEqual({ total: 0, failures: [] })
    expect(await client.lab.status()).toMatchObject({ queued: 4, slots: 2 })
    expect((await client.experiments.compare({ id: experiment.id })).methods).toHaveLength(2)
  })

  it('answers a call that is under way while the lab closes with a sentence, and logs nothing', async () => {
    const printed = vi.spyOn(console, 'error').mockImplementation(() => {})
    const client = connect()
    const { id } = await client.experiments.start(transfer({ seeds: [0, 1] }))
    const runIds = (await client.runs.list()).flatMap((run) => (run.experimentId === id ? [run.id] : []))
    const answer = client.comparisons.curves({ runIds, figures: ['return'] })
    const said = expect(answer).rejects.toThrow(/^The lab was closed before it could answer\./)
    await lab.close()
    await said
    expect(printed).not.toHaveBeenCalled()
    printed.mockRestore()
  })

  it('streams all runs first and then those that change', async () => {
    const client = connect()
    await client.experiments.start(transfer({ seeds: [0] }))
    const stream = await client.runs.watch()
    expect((await stream.next()).value).toHaveLength(4)
    expect((await stream.next()).value).toEqual([])
    await client.runs.pause({ id: 2 })
    expect((await stream.next()).value).toMatchObject([{ id: 2, state: 'paused' }])
    await stream.return()
  })

  it('lets go of a stream that waits for news', async () => {
    const controller = new AbortController()
    const stream = await connect().runs.watch(undefined, { signal: controller.signal })
    await stream.next()
    const waiting = stream.next()
    controller.abort()
    await expect(waiting.then(({ done }) => done ?? false)).resolves.toBe(true)
  })

  it('says in the contract’s codes what the lab refuses', async () => {
    const client = connect()
    await client.experiments.start(transfer({ seeds: [0] }))
    await client.runs.stop({ id: 1 })
    await expect(client.runs.get({ id: 99 })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      defined: true,
      message: 'There is no run 99.',
    })
    await expect(client.runs.pause({ id: 1 })).rejects.toMatchObject({ code: 'CONFLICT', defined: true })
  })

  it('names the field of an input that makes no sense', async () => {
    const started = connect().experiments.start(transfer({ seeds: [] }))
    await expect(started).rejects.toMatchObject({
      code: 'INVALID',
      defined: true,
      message: expect.stringContaining('seeds'),
    })
  })
})

describe('toApiError()', () => {
  it('logs what nobody expected, once, and keeps it from the window', () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    const error = toApiError(new TypeError('/home/somebody/lab.sqlite is undefined'), 'runs.list')
    expect(error.message).not.toContain('somebody')
    expect(log).toHaveBeenCalledTimes(1)
    expect(toApiError(error, 'runs.list')).toBe(error)
    expect(log).toHaveBeenCalledTimes(1)
    log.mockRestore()
  })

  it('hands on the sentence about a full disk', () => {
    const error = toApiError(new LabError('STORAGE', 'The disk is full.'), 'runs.list')
    expect(error).toMatchObject({ code: 'INTERNAL_SERVER_ERROR', message: 'The disk is full.' })
  })
})

describe('guardStream()', () => {
  it('gives a code to what a stream throws on the way', async () => {
    async function* failing(): AsyncGenerator<number, void, undefined> {
      yield 1
      throw new LabError('NOT_FOUND', 'The run is gone.')
    }
    const stream = guardStream(failing(), 'runs.watch')
    expect(await stream.next()).toEqual({ value: 1, done: false })
    const error: unknown = await stream.next().catch((cause: unknown) => cause)
    expect(error).toBeInstanceOf(ORPCError)
    expect(error).toMatchObject({ code: 'NOT_FOUND', message: 'The run is gone.' })
  })
})
