import type { Run } from '../../src-main/contract/index.ts'
import { methodMarks, phaseNames } from '../text/names.ts'
import { type ColumnId, columns, searchText } from './columns.ts'
import { isUnfinished, stateName } from './derive.ts'

export interface Sort {
  column: ColumnId
  descending: boolean
}

export const groupings = ['experiment', 'method', 'phase', 'state', 'none'] as const
export type Grouping = (typeof groupings)[number]

export interface TableQuery {
  sort: Sort
  grouping: Grouping
  closedGroups: ReadonlySet<string>
}

export interface GroupRow {
  kind: 'group'
  key: string
  title: string
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
    rows.push({
      kind: 'group',
      key,
      title,
      runs: members.length,
      unfinished: members.filter(isUnfinished).length,
      failures: members.reduce((sum, run) => sum + run.failures, 0),
      startedAt: query.grouping === 'experiment' ? firstOf(members) : null,
      isClosed,
    })
    if (!isClosed) for (const run of members) rows.push(toRunRow(run))
  }
  return rows
}

/** Keeps runs in which every word of the filter is found. */
export function filterRuns(
  runs: readonly Run[],
  filter: string,
  experimentName: (id: number) => string,
): Run[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return [...runs]
  return runs.filter((run) => {
    const text = searchText(run, experimentName(run.experimentId))
    return words.every((word) => text.includes(word))
  })
}

export function sortRuns(runs: readonly Run[], sort: Sort, experimentName: (id: number) => string): Run[] {
  const column = columns.find(({ id }) => id === sort.column)
  if (column === undefined) throw new Error(`The runs table has no column ${sort.column}.`)
  const direction = sort.descending ? -1 : 1
  return runs
    .map((run) => ({ run, value: column.value(run, experimentName(run.experimentId)) }))
    .sort((a, b) => {
      // What was not measured goes last, whichever way the rest is turned.
      if (a.value === null || b.value === null)
        return Number(a.value === null) - Number(b.value === null) || a.run.id - b.run.id
      return direction * compareValues(a.value, b.value) || a.run.id - b.run.id
    })
    .map(({ run }) => run)
}

const byName = new Intl.Collator('en', { numeric: true })

function compareValues(a: number | string, b: number | string): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : byName.compare(String(a), String(b))
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
  const titleOf: Record<typeof grouping, (run: Run) => string> = {
    experiment: (run) => experimentName(run.experimentId),
    method: (run) => methodMarks[run.specification.method].label,
    phase: (run) => phaseNames[run.specification.phase],
    state: stateName,
  }
  // By number where there is one: two experiments may bear the same name.
  const keyOf = grouping === 'experiment' ? (run: Run) => String(run.experimentId) : titleOf[grouping]
  const groups: Group[] = []
  for (const [key, members] of Map.groupBy(runs, keyOf)) {
    const [first] = members
    if (first !== undefined)
      groups.push({ key: `${grouping}:${key}`, title: titleOf[grouping](first), members })
  }
  // The newest experiment first: it is the one being looked at.
  const descending = grouping === 'experiment' ? -1 : 1
  return groups.sort((a, b) => descending * byName.compare(a.key, b.key))
}

function firstOf(runs: readonly Run[]): number {
  return runs.reduce((first, run) => Math.min(first, run.createdAt), Number.POSITIVE_INFINITY)
}

function toRunRow(run: Run): RunRow {
  return { kind: 'run', key: `run:${run.id}`, run }
}
