import { computed, shallowRef } from 'vue'
import { type LocationQueryValue, useRoute, useRouter } from 'vue-router'
import { type ColumnId, columns } from '../runs/columns.ts'
import { type Grouping, groupings, type Sort, type TableQuery } from '../runs/table.ts'

const defaultSort: Sort = { column: 'run', descending: false }

/** What the runs table shows and in which order; kept in the address, so that a reload or a link shows the same. */
export function useRunsQuery() {
  const route = useRoute()
  const router = useRouter()
  const closedGroups = shallowRef<ReadonlySet<string>>(new Set())

  const filter = computed({
    get: () => single(route.query.filter) ?? '',
    set: (value) => change({ filter: value === '' ? undefined : value }),
  })
  const grouping = computed<Grouping>({
    get: () => groupings.find((value) => value === single(route.query.group)) ?? 'experiment',
    set: (value) => change({ group: value === 'experiment' ? undefined : value }),
  })
  const sort = computed<Sort>(() => {
    const text = single(route.query.sort) ?? ''
    const column = columns.find(({ id }) => id === text.replace(/^-/, ''))
    return column === undefined ? defaultSort : { column: column.id, descending: text.startsWith('-') }
  })
  const query = computed<TableQuery>(() => ({
    sort: sort.value,
    grouping: grouping.value,
    closedGroups: closedGroups.value,
  }))

  function change(part: Record<string, string | undefined>): void {
    void router.replace({ query: { ...route.query, ...part } })
  }

  /** The first click on a column sorts numbers from the largest, the second turns it round. */
  function sortBy(column: ColumnId): void {
    const isNumber = columns.find(({ id }) => id === column)?.isNumber ?? false
    const descending = sort.value.column === column ? !sort.value.descending : isNumber
    change({ sort: `${descending ? '-' : ''}${column}` })
  }

  function toggleGroup(key: string): void {
    const next = new Set(closedGroups.value)
    if (!next.delete(key)) next.add(key)
    closedGroups.value = next
  }

  return { filter, grouping, sort, query, sortBy, toggleGroup }
}

function single(value: LocationQueryValue | LocationQueryValue[] | undefined): string | null {
  return (Array.isArray(value) ? value[0] : value) ?? null
}
