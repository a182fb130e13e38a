import { computed } from 'vue'
import { useRunsStore } from '../stores/runs.ts'
import { useTransferDraftStore } from '../stores/transfer-draft.ts'
import { useTransferMeasurementStore } from '../stores/transfer-measurements.ts'
import { type FormValue, withValue } from '../transfer/request.ts'
import { chosenThreshold, keyOf } from '../transfer/threshold.ts'

/** The threshold of the transfer, and what the safety critic of a pre-training run makes of it. */
export function useTransferThreshold() {
  const draft = useTransferDraftStore()
  const runs = useRunsStore()
  const measurements = useTransferMeasurementStore()

  const critics = computed(() =>
    [...runs.runs.values()].filter(
      ({ specification: { phase, settings: had, task }, state }) =>
        phase === 'pretrain' &&
        state === 'finished' &&
        'sqrl' in had &&
        task.environment === draft.form.environment,
    ),
  )
  /** The run whose safety critic the transfer takes over, where it is one run. */
  const chosenCritic = computed(() => {
    const ids = (draft.plan?.runs ?? []).flatMap(({ existingRunId, method }) =>
      existingRunId !== null && method === 'sqrl' ? [existingRunId] : [],
    )
    return draft.form.start.kind === 'new' ? null : (ids[0] ?? null)
  })
  const threshold = computed(() => chosenThreshold(draft.form.settings, draft.plan?.defaults ?? null))
  /** A probe of another run than the one that is started from says nothing of it. */
  const probed = computed(() => {
    const of = measurements.thresholdsOf
    const isOfCritic =
      chosenCritic.value === null ? critics.value.some(({ id }) => id === of) : of === chosenCritic.value
    return isOfCritic ? measurements.thresholds : null
  })

  function set(value: FormValue): void {
    const { settings: own } = draft.form
    draft.change({ settings: withValue(own, keyOf(own, threshold.value.form), value) })
  }

  function probe(runId: number): void {
    const { kind, id } = draft.form.start
    void measurements.probeThresholds(runId, kind === 'checkpoint' && id !== null ? id : undefined)
  }

  return { critics, chosenCritic, threshold, probed, set, probe }
}
