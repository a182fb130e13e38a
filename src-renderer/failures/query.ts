import { type FailureOrder, failureOrder } from '../../src-main/contract/index.ts'

/** As vue-router and URLSearchParams have it. */
export type QueryValues = Readonly<Record<string, string | null | undefined | readonly (string | null)[]>>

/** Bounds as one text: `100-200`, `100-` or `-200`. */
const ranges = {
  steps: ['fromStep', 'toStep'],
  lead: ['fromWarningLead', 'toWarningLead'],
  q: ['fromQSafe', 'toQSafe'],
} as const
const numbers = { run: 'runId', experiment: 'experimentId', seed: 'seed' } as const
const words = { text: 'text', method: 'method', phase: 'phase', kind: 'kind' } as const

/** Names in the address by which the failures of a view are chosen and ordered. */
export const orderNames = [
  ...Object.keys(ranges),
  ...Object.keys(numbers),
  ...Object.keys(words),
  'cause',
  'sort',
] as const

/** What the address says of it; what makes no sense there is left out, field by field. */
export function readOrder(query: QueryValues): FailureOrder {
  const draft: Record<string, unknown> = {}
  const text = (name: string) => valuesOf(query[name])[0]
  for (const [name, field] of Object.entries(numbers)) draft[field] = toNumber(text(name))
  for (const [name, field] of Object.entries(words)) draft[field] = text(name)
  for (const [name, [from, to]] of Object.entries(ranges)) {
    const parts = /^([\d.]*)-([\d.]*)$/.exec(text(name) ?? '')
    draft[from] = toNumber(parts?.[1])
    draft[to] = toNumber(parts?.[2])
  }
  if (query.cause !== undefined) draft.causes = valuesOf(query.cause)
  const sort = text('sort')
  draft.sort = sort?.replace(/^-/, '')
  draft.descending = sort?.startsWith('-')
  const kept = Object.entries(draft).filter(
    ([field, value]) =>
      value !== undefined && isKnown(field) && failureOrder.shape[field].safeParse(value).success,
  )
  return failureOrder.parse(Object.fromEntries(kept))
}

/** The other way round. Names that say nothing are there with undefined, so that they leave an address that had them. */
export function writeOrder(order: FailureOrder): Record<string, string | string[] | undefined> {
  const query: Record<string, string | string[] | undefined> = {}
  for (const [name, field] of Object.entries(numbers)) query[name] = toText(order[field])
  for (const [name, field] of Object.entries(words)) query[name] = order[field]
  for (const [name, [from, to]] of Object.entries(ranges)) {
    const [low, high] = [order[from], order[to]]
    query[name] = low === undefined && high === undefined ? undefined : `${low ?? ''}-${high ?? ''}`
  }
  query.cause = order.causes
  query.sort =
    order.sort === 'run' && !order.descending ? undefined : `${order.descending ? '-' : ''}${order.sort}`
  return query
}

/** An order as one text, for the `in` of a replay's address. */
export function orderToText(order: FailureOrder): string {
  const entries = Object.entries(writeOrder(order)).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().map((one) => [name, one]),
  )
  return new URLSearchParams(entries).toString()
}

export function orderFromText(text: string): FailureOrder {
  const query: Record<string, string[]> = {}
  for (const [name, value] of new URLSearchParams(text)) query[name] = [...(query[name] ?? []), value]
  return readOrder(query)
}

/** Address of the view of failures with these in it. */
export function failuresLink(order: FailureOrder) {
  return { path: '/failures', query: writeOrder(order) }
}

/** Address of a replay that knows which failures come before and after it. */
export function replayLink(episodeId: number, order: FailureOrder) {
  const text = orderToText(order)
  return { path: `/replay/${episodeId}`, query: text === '' ? {} : { in: text } }
}

function valuesOf(value: QueryValues[string]): string[] {
  if (value === undefined || value === null) return value === null ? [''] : []
  return typeof value === 'string' ? [value] : value.map((one) => one ?? '')
}

function toNumber(text: string | undefined): number | undefined {
  return text === undefined || text.trim() === '' ? undefined : Number(text)
}

const toText = (value: number | undefined): string | undefined =>
  value === undefined ? undefined : String(value)

function isKnown(field: string): field is keyof typeof failureOrder.shape {
  return field in failureOrder.shape
}
