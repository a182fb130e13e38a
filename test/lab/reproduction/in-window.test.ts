import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { reproductionQuery } from '../../../src-main/contract/reproductions.ts'
import { LabError } from '../../../src-main/lab/errors.ts'
import { Feed } from '../../../src-main/lab/feed.ts'
import { type Lab, openLab } from '../../../src-main/lab/lab.ts'
import { followRequests } from '../../../src-main/lab/reproduction/following.ts'
import { requestOf } from '../../../src-main/lab/reproduction/shown.ts'
import { openStore } from '../../../src-main/store/open.ts'
import { insertRun, temporaryFolder } from '../../store/fixtures.ts'

const query = reproductionQuery.parse({
  figure: 'figure-4',
  environments: ['drunk-spider-goal-b', 'drunk-spider-goal-b-side'],
  methods: ['sqrl', 'sac'],
  seeds: 2,
  budget: 0.01,
})

let folder: ReturnType<typeof temporaryFolder>

beforeEach(() => {
  folder = temporaryFolder()
})
afterEach(() => folder[Symbol.dispose]())

describe('a reproduction in a window', () => {
  let lab: Lab

  beforeEach(async () => {
    lab = await openLab(folder.path, { train: false })
  })
  afterEach(() => lab.close())

  it('counts what is missing with the pre-trainings that it starts from, each once', () => {
    const { needed, finished, missing, secondsLeft, isGoingOn } = lab.reproductions.inWindow(query)
    expect([needed, finished, secondsLeft, isGoingOn]).toEqual([8, 0, null, false])
    const row = (what: string, method: string, phase: string) => ({ what, method, phase, count: 2 })
    expect(missing).toEqual([
      row('drunk-spider-goal-b', 'sqrl', 'pretrain'),
      row('drunk-spider-goal-b', 'sqrl', 'finetune'),
      row('drunk-spider-goal-b', 'sac', 'pretrain'),
      row('drunk-spider-goal-b', 'sac', 'finetune'),
      row('drunk-spider-goal-b-side', 'sqrl', 'finetune'),
      row('drunk-spider-goal-b-side', 'sac', 'finetune'),
    ])
  })

  it('counts a run that two figures need once, as the command line does', () => {
    const all = { ...query, figure: 'all', environments: ['drunk-spider-goal-b'] }
    // Transfer by transfer they are 20.
    expect(lab.reproductions.inWindow(all).needed).toBe(18)
    expect(lab.reproductions.standing(requestOf(all)).needed).toBe(18)
  })

  it('starts what can be started, and lets it be', () => {
    const standing = lab.reproductions.begin(query)
    expect(standing.isGoingOn).toBe(true)
    // The other target waits for these pre-trainings.
    expect(lab.runs.list()).toHaveLength(8)
    expect(standing.unfinishedIds).toHaveLength(8)
    expect(standing.missing.map(({ what, count }) => [what, count])).toEqual([
      ['drunk-spider-goal-b-side', 2],
      ['drunk-spider-goal-b-side', 2],
    ])
    expect(lab.reproductions.end(query).isGoingOn).toBe(false)
    expect(lab.runs.list()).toHaveLength(8)
  })

  it('goes on when the lab is opened again, with what has to wait', async () => {
    lab.reproductions.begin(query)
    await lab.close()
    const store = await openStore(folder.path)
    for (const { id } of store.runs.list()) store.runs.updateState(id, { state: 'finished', at: 3 })
    store.close()

    // Whoever only looks starts nothing.
    lab = await openLab(folder.path, { train: false })
    expect(lab.reproductions.inWindow(query).isGoingOn).toBe(true)
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(lab.runs.list()).toHaveLength(8)
    await lab.close()

    const startWorker = () => {
      throw new LabError('STORAGE', 'Nothing trains here.')
    }
    lab = await openLab(folder.path, { startWorker })
    await vi.waitFor(() => expect(lab.runs.list()).toHaveLength(12))
    expect(lab.reproductions.end(query).isGoingOn).toBe(false)
    await lab.close()
    lab = await openLab(folder.path, { train: false })
    expect(lab.reproductions.inWindow(query).isGoingOn).toBe(false)
  })

  it('gives each figure on each task its claim, its verdict and why', async () => {
    const findings = []
    for await (const progress of lab.reproductions.findings(query)) findings.push(progress)
    expect(findings.map(({ done, total, finding }) => [done, total, finding.target])).toEqual([
      [1, 2, 'drunk-spider-goal-b'],
      [2, 2, 'drunk-spider-goal-b-side'],
    ])
    for (const { finding } of findings) {
      expect(finding).toMatchObject({ figure: 'figure-4', verdict: 'not enough runs', svg: null })
      expect(finding.why).toBe('Trainings shorter than 50 % of the study’s lengths get no verdict.')
      expect(finding.arms.map(({ label, runIds, needed }) => [label, runIds.length, needed])).toEqual([
        ['SQRL', 0, 2],
        ['SAC', 0, 2],
      ])
    }
  })

  it('names what cannot be asked for', () => {
    expect(() => lab.reproductions.inWindow({ ...query, figure: 'figure-3' })).toThrow(
      /reproduce takes figure-2/,
    )
    expect(() => lab.reproductions.inWindow({ ...query, environments: ['mars'] })).toThrow(/not "mars"/)
  })
})

describe('followRequests()', () => {
  it('starts more whenever a run has finished, until all is there or it is told to stop', async () => {
    const store = await openStore(folder.path)
    const closing = new AbortController()
    const changedRuns = new Feed<number>()
    const standing = { needed: 2, finished: 1, unfinishedIds: [] }
    const startNext = vi.fn(() => standing)
    const followed = followRequests({ store, changedRuns, closing: closing.signal }, startNext)
    const [training, done] = [insertRun(store), insertRun(store)]
    store.runs.updateState(done, { state: 'finished', at: 3 })

    changedRuns.publish(done)
    followed.add(query)
    changedRuns.publish(training)
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(startNext).not.toHaveBeenCalled()

    changedRuns.publish(done)
    changedRuns.publish(done)
    await vi.waitFor(() => expect(startNext).toHaveBeenCalledTimes(1))
    expect(followed.has(query)).toBe(true)

    standing.finished = 2
    changedRuns.publish(done)
    await vi.waitFor(() => expect(followed.has(query)).toBe(false))

    startNext.mockImplementation(() => {
      throw new LabError('STORAGE', 'The disk is full.')
    })
    followed.add(query)
    changedRuns.publish(done)
    await vi.waitFor(() => expect(followed.problemOf(query)).toBe('The disk is full.'))
    expect(followed.has(query)).toBe(false)
    closing.abort()
    store.close()
  })
})
