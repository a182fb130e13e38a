import { describe, expect, it } from 'vitest'
import { judge, tryFailures } from '../../src-main/lab/failure-trial.ts'

const spider = (parameters: Record<string, string | number | string[] | number[]> = {}) =>
  tryFailures({ task: { environment: 'drunk-spider', parameters }, episodes: 30 })

describe('tryFailures()', () => {
  it('counts how episodes of random actions and of none end, and names the causes', async () => {
    const { outcomes, sentences, isOdd } = await spider()
    const [random, still] = outcomes
    expect(random).toMatchObject({ actions: 'random', episodes: 30 })
    expect(random?.failures).toBeGreaterThan(0)
    expect((random?.failures ?? 0) + (random?.successes ?? 0) + (random?.timeouts ?? 0)).toBe(30)
    expect(random?.causes.reduce((sum, { count }) => sum + count, 0)).toBe(random?.failures)
    expect(still).toMatchObject({ actions: 'still', episodes: 10, failures: 0, timeouts: 10 })
    expect(sentences[0]).toMatch(
      /^Of 30 episodes of random actions, \d+ failed, after \d+ steps in the median: .*\.$/,
    )
    expect(sentences[1]).toBe('Of 10 episodes of standing still, none failed; 10 ran into the time limit.')
    expect(isOdd).toBe(false)
  })

  it('is the same each time', async () => {
    expect(await spider()).toEqual(await spider())
  })

  it('says so where nothing ever fails', async () => {
    const row = '.'.repeat(40)
    const map = Array.from({ length: 40 }, () => row)
    const { sentences, isOdd } = await spider({ map, start: [20.5, 20.5], goal: [38.5, 38.5] })
    expect(isOdd).toBe(true)
    expect(sentences[2]).toMatch(/^Random actions never failed\./)
  })

  it('refuses a task that there cannot be', async () => {
    await expect(spider({ noise: -1 })).rejects.toThrow('The parameter noise is not valid: At least 0.')
  })
})

describe('judge()', () => {
  it('finds a failure that means the opposite', () => {
    const counts = { successes: 0, timeouts: 0, causes: [{ cause: 'upright', count: 10 }], failureAfter: 1 }
    const { sentences, isOdd } = judge([
      { actions: 'random', episodes: 10, failures: 10, ...counts },
      { actions: 'still', episodes: 10, failures: 10, ...counts },
    ])
    expect(isOdd).toBe(true)
    expect(sentences[0]).toBe(
      'Of 10 episodes of random actions, 10 failed, after 1 step in the median: upright (10).',
    )
    expect(sentences.slice(2)).toEqual([
      'Every random episode failed at once, so failure may mean the opposite of what it should.',
      'Whoever stands still fails at once: the start itself counts as a failure.',
    ])
  })
})
