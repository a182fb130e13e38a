import { computed, shallowRef } from 'vue'
import { dependentsOf } from '../runs/table.ts'
import { useRunsStore } from '../stores/runs.ts'

/** Deletes runs at once, as it can be undone; asks only where others would have to go along. */
export function useDeleteRuns(onDeleted: () => void = () => {}) {
  const runs = useRunsStore()
  const asked = shallowRef<readonly number[]>([])
  const dependents = computed(() => dependentsOf(runs.runs, new Set(asked.value)))
  const isAsking = computed({
    get: () => asked.value.length > 0,
    set: (isOpen) => {
      if (!isOpen) asked.value = []
    },
  })
  /** Of what was asked for, what nothing else starts from. */
  const free = computed(() => {
    const needed = new Set(dependents.value.map((id) => runs.runs.get(id)?.pretrainRunId))
    return asked.value.filter((id) => !needed.has(id))
  })

  async function request(ids: readonly number[]): Promise<void> {
    if (dependentsOf(runs.runs, new Set(ids)).length > 0) asked.value = ids
    else await remove(ids, false)
  }

  async function remove(ids: readonly number[], withFinetuning: boolean): Promise<void> {
    asked.value = []
    await runs.remove(ids, withFinetuning)
    onDeleted()
  }

  return { asked, dependents, free, isAsking, request, remove }
}
