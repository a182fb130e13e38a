import type { Run } from '../../src-main/contract/index.ts'
import { methodMarks, phaseNames } from '../text/names.ts'
import { type Column, settingOf } from './columns.ts'
import { isUnfinished, stateName } from './derive.ts'
import { formatValue } from './settings.ts'

export interface Sort {
  column: Column
  descending: boolean
}

export const groupings = ['experiment', 'method', 'phase', 'state', 'none'] as const
/** Or by the value of a setting or parameter. */
export type Grouping = (typeof groupings)[number] | `setting:${string}`

export interface TableQuery {
  sort: Sort
  grouping: Grouping
  closedGroups: ReadonlySet<string>
}

export interface GroupRow {
  kind: 'group'
  key: string
  title: string
  /** The experiment of the group; null for groups of another kind. */
  experimentId: number | null
  runs: number
  unfinished: number
  failures: number
  /** When the experiment was started; null for groups of another kind. */
  startedAt: number | null
  isClosed: boolean
}

export interface RunRow {
  kind: 'run'
  key: string
  run: Run
}

export type TableRow = GroupRow | RunRow

/** The rows of the runs table from top to bottom. */
export function arrangeRuns(
  runs: readonly Run[],
  query: TableQuery,
  experimentName: (id: number) => string,
): TableRow[] {
  const sorted = sortRuns(runs, query.sort, experimentName)
  if (query.grouping === 'none') return sorted.map(toRunRow)
  const rows: TableRow[] = []
  for (const { key, title, members } of groupRuns(sorted, query.grouping, experimentName)) {
    const isClosed = query.closedGroups.has(key)
    const isExperiment = query.grouping === 'experiment'
    rows.push({
      kind: 'group',
      key,
      title,
      experimentId: isExperiment ? (members[0]?.experimentId ?? null) : null,
      runs: members.length,
      unfinished: members.filter(isUnfinished).length,
      failures: members.reduce((sum, run) => sum + run.failures, 0),
      startedAt: isExperiment ? firstOf(members) : null,
      isClosed,
    })
    if (!isClosed) for (const run of members) rows.push(toRunRow(run))
  }
  return rows
}

export function sortRuns(
  runs: readonly Run[],
  { column, descending }: Sort,
  experimentName: (id: number) => string,
): Run[] {
  const direction = descending ? -1 : 1
  const entries = runs.map((run) => ({ run, value: column.value(run, experimentName(run.experimentId)) }))
  const rankOf = rankTexts(entries.map(({ value }) => value))
  const rank = (value: number | string) => (typeof value === 'number' ? value : (rankOf.get(value) ?? 0))
  return entries
    .sort((a, b) => {
      // What was not measured goes last, whichever way the rest is turned.
      if (a.value === null || b.value === null)
        return Number(a.value === null) - Number(b.value === null) || a.run.id - b.run.id
      return direction * (rank(a.value) - rank(b.value)) || a.run.id - b.run.id
    })
    .map(({ run }) => run)
}

const byName = new Intl.Collator('en', { numeric: true })

/** Ten thousand runs have few different texts: these alone are compared by the rules of the language. */
function rankTexts(values: readonly (number | string | null)[]): ReadonlyMap<string, number> {
  const texts = new Set(values.filter((value) => typeof value === 'string'))
  return new Map([...texts].sort(byName.compare).map((text, index) => [text, index]))
}

interface Group {
  key: string
  title: string
  members: Run[]
}

function groupRuns(
  runs: Run[],
  grouping: Exclude<Grouping, 'none'>,
  experimentName: (id: number) => string,
): Group[] {
  const titleOf = titlesFor(grouping, experimentName)
  // By number where there is one: two experiments may bear the same name.
  const keyOf = grouping === 'experiment' ? (run: Run) => String(run.experimentId) : titleOf
  const groups: Group[] = []
  for (const [key, members] of Map.groupBy(runs, keyOf)) {
    const [first] = members
    if (first !== undefined) groups.push({ key: `${grouping}:${key}`, title: titleOf(first), members })
  }
  if (grouping !== 'experiment') return groups.sort((a, b) => byName.compare(a.key, b.key))
  // The newest experiment first: it is the one being looked at.
  const numberOf = ({ members }: Group) => members[0]?.experimentId ?? 0
  return groups.sort((a, b) => numberOf(b) - numberOf(a))
}

function titlesFor(
  grouping: Exclude<Grouping, 'none'>,
  experimentName: (id: number) => string,
): (run: Run) => string {
  switch (grouping) {
    case 'experiment':
      return (run) => experimentName(run.experimentId)
    case 'method':
      return (run) => methodMarks[run.specification.method].label
    case 'phase':
      return (run) => phaseNames[run.specification.phase]
    case 'state':
      return stateName
    default: {
      const name = grouping.slice('setting:'.length)
      return (run) => {
        const value = settingOf(run, name)
        return value === undefined
          ? `without ${name}`
          : `${name} = ${formatValue(value).replaceAll('\n', ' / ')}`
      }
    }
  }
}

function firstOf(runs: readonly Run[]): number {
  return runs.reduce((first, run) => Math.min(first, run.createdAt), Number.POSITIVE_INFINITY)
}

function toRunRow(run: Run): RunRow {
  return { kind: 'run', key: keyOfRun(run), run }
}

export function keyOfRun({ id }: Run): string {
  return `run:${id}`
}

/** Runs that start from one of these and are not among them: they cannot stay without it. */
export function dependentsOf(runs: ReadonlyMap<number, Run>, ids: ReadonlySet<number>): number[] {
  const found: number[] = []
  for (const { id, pretrainRunId } of runs.values())
    if (pretrainRunId !== null && ids.has(pretrainRunId) && !ids.has(id)) found.push(id)
  return found
}
