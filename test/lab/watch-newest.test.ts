import { expect, it } from 'vitest'
import type { Failure } from '../../src-main/contract/failures.ts'
import { failureCases } from '../../src-main/lab/failures.ts'
import { Feed } from '../../src-main/lab/feed.ts'
import { openStore } from '../../src-main/store/open.ts'
import { batch, episodeRecord, frames, insertRun, temporaryFolder } from '../store/fixtures.ts'

it('failures.watchNewest() tells of the newest failure with frames, once each, until its reader leaves', async () => {
  using folder = temporaryFolder()
  const store = await openStore(folder.path)
  const [runId, other] = [insertRun(store), insertRun(store)]
  const changedRuns = new Feed<number>()
  const closing = new AbortController()
  const { watchNewest } = failureCases({ store, changedRuns, closing: closing.signal })
  const record = (run: number, index: number, changes: Parameters<typeof episodeRecord>[1]) => {
    store.applyBatch(run, batch(index + 1, { episodes: [episodeRecord(index, changes)] }))
    changedRuns.publish(run)
  }
  const fail = (run: number, index: number) =>
    record(run, index, { outcome: 'failure', frames: frames(index) })

  record(runId, 0, { outcome: 'success' })
  fail(runId, 1)
  const told: number[] = []
  const reading = (async () => {
    const stream: AsyncGenerator<Failure, void, undefined> = watchNewest(runId)
    for await (const failure of stream) {
      told.push(failure.index)
      if (failure.index === 1) {
        fail(other, 9)
        record(runId, 2, { outcome: 'failure', frames: null })
        setTimeout(() => fail(runId, 3), 400)
      }
      if (failure.index === 3) break
    }
  })()
  await reading
  expect(told).toEqual([1, 3])
  expect(changedRuns.watchers).toBe(0)
  expect(() => watchNewest(99)).toThrow('There is no run 99.')
  store.close()
})
