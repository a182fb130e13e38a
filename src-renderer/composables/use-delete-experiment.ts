import { computed, shallowRef } from 'vue'
import type { Experiment } from '../../src-main/contract/index.ts'
import { dependentsOf } from '../runs/table.ts'
import { useExperimentsStore } from '../stores/experiments.ts'
import { useRunsStore } from '../stores/runs.ts'

/** Deletes an experiment at once, as it can be undone; asks only where runs of others started from its pre-training. */
export function useDeleteExperiment(onDeleted: () => void) {
  const runs = useRunsStore()
  const experiments = useExperimentsStore()
  const asked = shallowRef<Experiment | null>(null)
  const own = computed(() => (asked.value === null ? [] : runsOf(asked.value.id)))
  const dependents = computed(() => dependentsOf(runs.runs, new Set(own.value)))
  const isAsking = computed({
    get: () => asked.value !== null,
    set: (isOpen) => {
      if (!isOpen) asked.value = null
    },
  })

  const runsOf = (id: number) =>
    [...runs.runs.values()].flatMap((run) => (run.experimentId === id ? [run.id] : []))

  async function request(experiment: Experiment): Promise<void> {
    if (dependentsOf(runs.runs, new Set(runsOf(experiment.id))).length > 0) asked.value = experiment
    else await remove(experiment, false)
  }

  async function removeAll(): Promise<void> {
    const experiment = asked.value
    asked.value = null
    if (experiment !== null) await remove(experiment, true)
  }

  async function remove({ id, name }: Experiment, withFinetuning: boolean): Promise<void> {
    if (await experiments.remove(id, name, withFinetuning)) onDeleted()
  }

  return { own, dependents, isAsking, request, removeAll }
}
