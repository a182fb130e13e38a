import type { LocationQuery, LocationQueryRaw } from 'vue-router'
import { type ReproductionQuery, reproductionQuery } from '../../src-main/contract/index.ts'

const usual: ReproductionQuery = reproductionQuery.parse({})
const words = (text: string) => text.split(',').filter(Boolean)

/** Named as the options of the command; what cannot be read is as usual. */
const parts: { [Key in keyof ReproductionQuery]: (text: string) => unknown } = {
  figure: (text) => text,
  environments: words,
  methods: words,
  seeds: Number,
  budget: (text) => (text === 'paper' ? text : Number(text)),
}
const keys = Object.keys(reproductionQuery.shape).filter(
  (key): key is keyof ReproductionQuery => key in parts,
)

export function readQuery(address: LocationQuery): ReproductionQuery {
  const read: Record<string, unknown> = {}
  for (const key of keys) {
    const given = address[key]
    const text = Array.isArray(given) ? given[0] : given
    if (typeof text !== 'string') continue
    const parsed = reproductionQuery.shape[key].safeParse(parts[key](text))
    if (parsed.success) read[key] = parsed.data
  }
  return reproductionQuery.parse(read)
}

export function writeQuery(query: ReproductionQuery): LocationQueryRaw {
  return Object.fromEntries(
    keys.flatMap((key) => {
      const text = String(query[key])
      return text === String(usual[key]) ? [] : [[key, text]]
    }),
  )
}
