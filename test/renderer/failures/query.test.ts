import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { failureOrder } from '../../../src-main/contract/index.ts'
import { orderFromText, orderToText, readOrder, replayLink } from '../../../src-renderer/failures/query.ts'

const maybe = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined })
const share = fc.integer({ min: 0, max: 100 }).map((value) => value / 100)
const anyOrder = fc
  .record(
    {
      runId: fc.integer({ min: 1, max: 1e6 }),
      experimentId: fc.integer({ min: 1, max: 1e6 }),
      seed: fc.nat(),
      causes: fc.array(fc.string(), { minLength: 1, maxLength: 4 }),
      text: fc.string({ minLength: 1 }).filter((text) => text === text.trim() && text.length > 0),
      fromStep: fc.nat(),
      toStep: fc.nat(),
      fromWarningLead: fc.nat(),
      toQSafe: share,
      fromQSafe: share,
      method: fc.constantFrom('sqrl' as const, 'sac' as const),
      phase: fc.constantFrom('pretrain' as const, 'finetune' as const),
      kind: fc.constantFrom('training' as const, 'rollout' as const, 'evaluation' as const),
      sort: fc.constantFrom('run' as const, 'step' as const, 'finalQSafe' as const),
      descending: fc.boolean(),
    },
    { requiredKeys: [] },
  )
  .map((order) => failureOrder.parse(order))

describe('an order of failures in an address', () => {
  it('comes back as it was written', () => {
    fc.assert(
      fc.property(anyOrder, (order) => {
        expect(orderFromText(orderToText(order))).toEqual(order)
      }),
    )
  })

  it('leaves out, field by field, what makes no sense', () => {
    expect(
      readOrder({ run: 'x', experiment: '3', q: '0.2-7', steps: '9', sort: '-nothing', phase: 'never' }),
    ).toEqual({
      experimentId: 3,
      fromQSafe: 0.2,
      sort: 'run',
      descending: true,
    })
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom('run', 'q', 'steps', 'sort', 'cause', 'kind', 'seed'),
          maybe(fc.string()),
        ),
        (query) => {
          expect(failureOrder.safeParse(readOrder(query)).success).toBe(true)
        },
      ),
    )
  })

  it('says nothing where all failures are meant', () => {
    expect(replayLink(7, failureOrder.parse({}))).toEqual({ path: '/replay/7', query: {} })
  })
})
