import { computed, type Ref, shallowRef } from 'vue'
import { type LocationQueryValue, useRoute, useRouter } from 'vue-router'
import { byNumber, type Column, type ColumnSources, findColumn } from '../runs/columns.ts'
import { type Grouping, groupings, type Sort, type TableQuery } from '../runs/table.ts'

/** What the runs table shows and in which order; kept in the address, so that a reload or a link shows the same. */
export function useRunsQuery(sources: Readonly<Ref<ColumnSources>>) {
  const route = useRoute()
  const router = useRouter()
  const closedGroups = shallowRef<ReadonlySet<string>>(new Set())

  const filter = computed({
    get: () => single(route.query.filter) ?? '',
    set: (value) => change({ filter: value === '' ? undefined : value }),
  })
  const grouping = computed<Grouping>({
    get: () => toGrouping(single(route.query.group)) ?? 'experiment',
    set: (value) => change({ group: value === 'experiment' ? undefined : value }),
  })
  const sort = computed<Sort>(() => {
    const text = single(route.query.sort) ?? ''
    const column = findColumn(text.replace(/^-/, ''), sources.value)
    return column === null
      ? { column: byNumber, descending: false }
      : { column, descending: text.startsWith('-') }
  })
  const query = computed<TableQuery>(() => ({
    sort: sort.value,
    grouping: grouping.value,
    closedGroups: closedGroups.value,
  }))
  /** Another look at the runs begins at its top. */
  const look = computed(() => [filter.value, grouping.value, single(route.query.sort)].join('|'))

  function change(part: Record<string, string | undefined>): void {
    void router.replace({ query: { ...route.query, ...part } })
  }

  /** The first click on a column sorts numbers from the largest, the second turns it round. */
  function sortBy(column: Column): void {
    const descending = sort.value.column.id === column.id ? !sort.value.descending : column.isNumber
    change({ sort: `${descending ? '-' : ''}${column.id}` })
  }

  function toggleGroup(key: string): void {
    const next = new Set(closedGroups.value)
    if (!next.delete(key)) next.add(key)
    closedGroups.value = next
  }

  return { filter, grouping, sort, query, look, sortBy, toggleGroup }
}

function toGrouping(text: string | null): Grouping | null {
  if (text?.startsWith('setting:')) return `setting:${text.slice('setting:'.length)}`
  return groupings.find((value) => value === text) ?? null
}

function single(value: LocationQueryValue | LocationQueryValue[] | undefined): string | null {
  return (Array.isArray(value) ? value[0] : value) ?? null
}
