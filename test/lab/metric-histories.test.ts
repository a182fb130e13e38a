import { expect, it } from 'vitest'
import { openStore } from '../../src-main/store/open.ts'
import { batch, insertRun, temporaryFolder } from '../store/fixtures.ts'
import { openTestLab } from './test-lab.ts'

it('thins a long metric out without losing a spike, and gives a short stretch whole', async () => {
  using folder = temporaryFolder()
  const store = await openStore(folder.path)
  const runId = insertRun(store)
  const values = Array.from({ length: 30_000 }, (_, step) => (step === 12_345 ? 99 : Math.sin(step)))
  const points = values.map((criticLoss, step) => ({ step, values: { criticLoss } }))
  store.applyBatch(runId, batch(30_000, { metrics: points }))
  store.close()
  const lab = await openTestLab(folder.path, { train: false })

  const { criticLoss: all } = await lab.metrics.window({ runId, stretches: 100 })
  expect(all?.total).toBe(30_000)
  expect(all?.steps.length).toBeLessThanOrEqual(202)
  expect(Math.max(...(all?.values ?? []))).toBe(99)
  expect([all?.steps[0], all?.steps.at(-1)]).toEqual([0, 29_999])
  for (const [place, step] of (all?.steps ?? []).entries()) expect(all?.values[place]).toBe(values[step])

  const { criticLoss: part } = await lab.metrics.window({ runId, from: 12_300, to: 12_399, stretches: 100 })
  expect(part?.steps).toEqual(Array.from({ length: 100 }, (_, index) => 12_300 + index))
  expect(part?.values).toEqual(values.slice(12_300, 12_400))
  await expect(lab.metrics.window({ runId: 99 })).rejects.toThrow('There is no run 99.')
  await lab.close()
})
