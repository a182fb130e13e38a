import { groupByName } from '../../contract/figures/group-looks.ts'
import { methodLooks } from '../../contract/figures/method-looks.ts'
import { formatCount } from '../../contract/figures/number-words.ts'
import { formatValue } from '../../contract/setting-words.ts'
import type { SettingDescription } from '../../contract/transfer.ts'
import { type DescribedRun, differingTraits } from '../comparisons/grouping.ts'
import { settingDescriptions } from '../settings.ts'
import type { Report, ReportedGroup } from './gather.ts'
import { type Column, type Content, type Html, html, long, table } from './html.ts'
import { groupMark } from './sections.ts'
import { joinWords } from './words.ts'

/** What a run is, rather than how it was set up; told elsewhere. */
const identity = new Set(['run', 'experiment', 'seed', 'method', 'phase'])

/** Values of a setting that a cell names before it only counts them. */
const MOST_VALUES = 4

/** Settings and task parameters that are not the same in all runs, group by group. */
export function differingSettings({ described, groups }: Report): Html {
  const names = differingTraits(described).filter((name) => !identity.has(name))
  if (names.length === 0) return html`<p>Nothing but what the groups are named by and the seeds.</p>`
  const columns: Column<string>[] = [
    { title: 'Setting', cell: named },
    ...groups.map(
      (group): Column<string> => ({
        title: groupMark(group),
        cell: (name) => valuesOf(name, described, group),
      }),
    ),
  ]
  return table('Settings that differ', columns, names)
}

function valuesOf(name: string, described: readonly DescribedRun[], { group }: ReportedGroup): Content {
  const ids = new Set(group.runs.map(({ id }) => id))
  const values = new Set(
    described.flatMap(({ run, traits }) => {
      const value = ids.has(run.id) ? traits.get(name) : undefined
      return value === undefined ? [] : [formatValue(value)]
    }),
  )
  if (values.size === 0) return '–'
  if (values.size > MOST_VALUES) return `${formatCount(values.size)} values`
  return long([...values].join(' or '))
}

/** What all runs have alike, folded: long, and seldom what one looks for. */
export function sharedSettings({ described }: Report): Html {
  const differing = new Set(differingTraits(described))
  const rows = new Map<string, { name: string; value: unknown; methods: Set<string> }>()
  for (const { run, traits } of described)
    for (const [name, value] of traits) {
      if (identity.has(name) || differing.has(name)) continue
      const row = rows.get(name) ?? { name, value, methods: new Set() }
      row.methods.add(methodLooks[run.specification.method].label)
      rows.set(name, row)
    }
  const methods = new Set(described.map(({ run }) => run.specification.method)).size
  const descriptions = settingDescriptions()
  type Row = { name: string; value: unknown; methods: Set<string> }
  const columns: Column<Row>[] = [
    { title: 'Setting', cell: ({ name }) => named(name) },
    { title: 'Value', cell: ({ value }) => long(formatValue(value)) },
    { title: 'Of', cell: (row) => (row.methods.size === methods ? 'all' : joinWords(row.methods)) },
    { title: 'What it is', cell: ({ name }) => long(helpOf(name, descriptions)) },
  ]
  return html`<details><summary>Settings that are the same in all runs (${formatCount(rows.size)})</summary>
${table('Settings that are the same in all runs', columns, [...rows.values()])}</details>`
}

const named = (name: string): Html => html`<code>${groupByName(name)}</code>`

/** Of several environments' parameters of one name, only what they agree on. */
function helpOf(name: string, descriptions: readonly SettingDescription[]): string {
  const bare = name.replace(/^pretraining\./, '')
  const known = descriptions.filter((description) => description.name === bare)
  const [first] = known
  if (!first || known.some(({ help }) => help !== first.help)) return ''
  return first.unit === null ? first.help : `${first.help} (${first.unit})`
}
