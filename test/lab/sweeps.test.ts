import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TransferRequest } from '../../src-main/contract/transfer.ts'
import { differencesBetween } from '../../src-main/lab/plan-differences.ts'
import { checkTransfer, planTransfer } from '../../src-main/lab/transfer.ts'

const request = (changes: Partial<TransferRequest> = {}): TransferRequest => ({
  environment: 'drunk-spider',
  methods: ['sqrl'],
  seeds: [0],
  ...changes,
})

const check = (changes: Partial<TransferRequest>) => checkTransfer(request(changes), () => null)

function count(changes: Partial<TransferRequest>) {
  const plan = planTransfer(request(changes))
  const inPhase = (phase: string) => plan.filter((run) => run.specification.phase === phase).length
  return { pretrain: inPhase('pretrain'), finetune: inPhase('finetune') }
}

/** Of the fine-tuning runs of the one method, in their order. */
function values(changes: Partial<TransferRequest>, group: string, name: string): unknown[] {
  return planTransfer(request(changes))
    .filter(({ specification }) => specification.phase === 'finetune')
    .map(({ specification: { settings } }) => Object(settings[group])[name])
}

const problems = (changes: Partial<TransferRequest>) =>
  check(changes).problems.map(({ path, message }) => [path.join('/'), message])

describe('a sweep', () => {
  it('makes every combination of the listed values, as ordinary settings', () => {
    const plan = planTransfer(
      request({
        seeds: [3, 4],
        targetTask: { noise: { each: [0.1, 0.2, 0.3] } },
        settings: { 'finetune.sqrl.epsilonSafe': { each: [0.05, 0.1] } },
      }),
    ).filter(({ specification }) => specification.phase === 'finetune')
    const found = plan.map(({ specification: { seed, task, settings } }) => [
      seed,
      task.parameters.noise,
      Object(settings.sqrl).epsilonSafe,
    ])
    expect(found).toEqual(
      [3, 4].flatMap((seed) =>
        [0.1, 0.2, 0.3].flatMap((noise) => [0.05, 0.1].map((epsilon) => [seed, noise, epsilon])),
      ),
    )
  })

  it('shares the pre-training of what differs in fine-tuning alone', () => {
    expect(count({ settings: { 'finetune.sqrl.epsilonSafe': { each: [0.05, 0.1, 0.2] } } })).toEqual({
      pretrain: 1,
      finetune: 3,
    })
    expect(count({ seeds: [0, 1], targetTask: { noise: { each: [0.1, 0.2] } } })).toEqual({
      pretrain: 2,
      finetune: 4,
    })
  })

  it('pre-trains once for each value of what pre-training depends on, and fine-tunes from each', () => {
    const plan = planTransfer(request({ settings: { 'pretrain.sac.batchSize': { each: [32, 64] } } }))
    expect(plan.map(({ key, startsFrom }) => [key, startsFrom])).toEqual([
      ['sqrl 0 pretrain', null],
      ['sqrl 0 finetune', 'sqrl 0 pretrain'],
      ['sqrl 0 pretrain 2', null],
      ['sqrl 0 finetune 2', 'sqrl 0 pretrain 2'],
    ])
    expect(count({ pretrainTask: { noise: { each: [0.1, 0.2] } } })).toEqual({ pretrain: 2, finetune: 2 })
  })

  it('trains a method that does not know the setting once', () => {
    const plan = planTransfer(
      request({ methods: ['sqrl', 'sac'], settings: { 'sqrl.epsilonSafe': { each: [0.05, 0.1, 0.2] } } }),
    )
    const of = (method: string) => plan.filter(({ specification }) => specification.method === method).length
    expect([of('sqrl'), of('sac')]).toEqual([6, 2])
  })

  it('draws the same values from the same seed, within their bounds, whatever else is drawn', () => {
    const draws = { count: 20, seed: 5 }
    const rate = { 'finetune.sac.learningRate': { logUniform: [1e-4, 1e-2] as [number, number] } }
    const epsilon = { 'finetune.sqrl.epsilonSafe': { uniform: [0.05, 0.3] as [number, number] } }
    const alone = values({ settings: rate, draws }, 'sac', 'learningRate').map(Number)
    expect(values({ settings: { ...epsilon, ...rate }, draws }, 'sac', 'learningRate')).toEqual(alone)
    expect(values({ settings: rate, draws: { count: 20, seed: 6 } }, 'sac', 'learningRate')).not.toEqual(
      alone,
    )
    expect(new Set(alone).size).toBe(20)
    for (const value of alone) {
      expect(value).toBeGreaterThanOrEqual(1e-4)
      expect(value).toBeLessThanOrEqual(1e-2)
      expect(Number(value.toPrecision(4))).toBe(value)
    }
    const shares = alone.map((value) => Math.log10(value / 1e-4) / 2)
    const steps = shares.slice(1).map((share, index) => Math.abs(share - (shares[index] ?? 0)))
    expect(Math.min(...steps.slice(0, 3))).toBeGreaterThan(0.01)
    const below = alone.filter((value) => value < 1e-3).length
    expect(below).toBeGreaterThan(4)
    expect(below).toBeLessThan(16)
  })

  it('draws whole numbers where the setting is one, both bounds included', () => {
    const settings = { 'finetune.sac.batchSize': { uniform: [2, 4] as [number, number] } }
    const found = values({ settings, draws: { count: 40, seed: 0 } }, 'sac', 'batchSize')
    expect(new Set(found)).toEqual(new Set([2, 3, 4]))
  })

  it('tries each draw with each point of the grid, and says so in its summary', () => {
    const { plan, sweep } = check({
      methods: ['sqrl', 'sac'],
      settings: {
        'sac.discount': { each: [0.9, 0.99, 0.9] },
        'finetune.sac.learningRate': { logUniform: [1e-4, 1e-2] },
      },
      draws: { count: 4, seed: 0 },
    })
    expect(sweep).toMatchObject({
      combinations: 8,
      axes: [
        {
          where: 'settings',
          name: 'sac.discount',
          isDrawn: false,
          sharesPretraining: false,
          values: [0.9, 0.99],
        },
        { name: 'finetune.sac.learningRate', isDrawn: true, sharesPretraining: true },
      ],
    })
    expect(sweep?.first).toHaveLength(8)
    expect(sweep?.axes[1]?.values).toHaveLength(4)
    expect(plan).toHaveLength(2 * (2 + 8))
    const { plan: plain } = check({ methods: ['sqrl', 'sac'] })
    expect(differencesBetween(plain, plan)).toContainEqual({
      where: 'settings',
      name: 'sac.discount',
      phase: null,
      before: 0.99,
      after: { each: [0.9, 0.99] },
    })
  })

  it('is none where every setting has one value', () => {
    expect(check({ settings: { 'sqrl.epsilonSafe': 0.2 } }).sweep).toBeNull()
  })

  it('plans as many runs as are named, each once and behind the one it starts from', () => {
    const list = fc.uniqueArray(fc.constantFrom(0.05, 0.1, 0.15, 0.2), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(list, list, fc.integer({ min: 1, max: 3 }), (epsilons, noises, seeds) => {
        const plan = planTransfer(
          request({
            seeds: Array.from({ length: seeds }, (_, seed) => seed),
            settings: { 'finetune.sqrl.epsilonSafe': { each: epsilons } },
            pretrainTask: { noise: { each: noises } },
          }),
        )
        expect(plan).toHaveLength(seeds * noises.length * (1 + epsilons.length))
        expect(new Set(plan.map(({ key }) => key)).size).toBe(plan.length)
        for (const [index, { startsFrom }] of plan.entries())
          if (startsFrom !== null) expect(plan.findIndex(({ key }) => key === startsFrom)).toBeLessThan(index)
      }),
      { numRuns: 30 },
    )
  })

  const refused: [string, Partial<TransferRequest>, [string, string | RegExp]][] = [
    [
      'a value that the setting does not take',
      { settings: { 'sqrl.epsilonSafe': { each: [0.1, 2] } } },
      ['settings/sqrl.epsilonSafe', 'At most 1.'],
    ],
    [
      'an empty list',
      { settings: { 'sqrl.epsilonSafe': { each: [] } } },
      ['settings/sqrl.epsilonSafe', 'Give at least one value.'],
    ],
    [
      'bounds the wrong way round',
      { targetTask: { noise: { uniform: [0.3, 0.1] } }, draws: { count: 2 } },
      ['targetTask/noise', 'The first bound has to be below the second.'],
    ],
    [
      'a magnitude of nothing',
      { targetTask: { noise: { logUniform: [0, 0.1] } }, draws: { count: 2 } },
      ['targetTask/noise', 'Drawn by magnitude, both bounds have to be above 0.'],
    ],
    [
      'draws without a number of them',
      { targetTask: { noise: { uniform: [0.1, 0.3] } } },
      ['draws', 'Values are to be drawn: say how many times, such as 8.'],
    ],
    [
      'a number of draws where nothing is drawn',
      { targetTask: { noise: { each: [0.1, 0.3] } }, draws: { count: 2 } },
      ['draws', 'Nothing is drawn: leave the number of draws out.'],
    ],
    [
      'drawing what is no single number',
      { targetTask: { goal: { uniform: [1, 2] } }, draws: { count: 2 } },
      ['targetTask/goal', /^goal is no single number/],
    ],
    [
      'more runs than anybody waits for',
      {
        seeds: [0, 1, 2],
        settings: { 'sac.discount': { uniform: [0.9, 0.99] }, 'sqrl.mask': { each: [true, false] } },
        draws: { count: 500 },
      },
      [
        'settings/sac.discount',
        'These are 1,000 combinations and, with the methods and seeds, 3,000 fine-tuning runs; at most 500 are started at once. Try fewer values, draws, methods or seeds.',
      ],
    ],
    [
      'a name that there is not',
      { settings: { 'sqrl.x': { each: [1, 2] } } },
      ['settings/sqrl.x', /no setting/],
    ],
  ]
  it.each(refused)('refuses %s beside its field', (_, changes, [path, message]) => {
    const found = problems(changes)
    expect(found).toHaveLength(1)
    expect(found[0]?.[0]).toBe(path)
    expect(found[0]?.[1]).toMatch(message)
  })

  it('says of half a range what is missing', () => {
    const { problems: found } = checkTransfer(
      { ...request(), settings: { 'sqrl.epsilonSafe': { uniform: ['', 0.2] } } },
      () => null,
    )
    expect(found).toMatchObject([
      { path: ['settings', 'sqrl.epsilonSafe', 'uniform', 0], message: 'A number is needed here.' },
    ])
  })

  it('is planned within a moment at its largest', () => {
    const sweep = {
      seeds: Array.from({ length: 10 }, (_, seed) => seed),
      settings: { 'sac.learningRate': { uniform: [1e-4, 1e-2] as [number, number] } },
      draws: { count: 50 },
    }
    const before = performance.now()
    expect(planTransfer(request(sweep)).length).toBeGreaterThan(900)
    expect(performance.now() - before).toBeLessThan(2000)
  })
})
