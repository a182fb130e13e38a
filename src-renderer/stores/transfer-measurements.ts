import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type {
  DryRunProgress,
  ExpectedWidth,
  ThresholdProgress,
  UncheckedRequest,
} from '../../src-main/contract/index.ts'
import { api, toSentence } from '../api.ts'

/** What supports the choices of a transfer before it is started; each can be left at any time. */
export const useTransferMeasurementStore = defineStore('transfer-measurements', () => {
  const dryRun = shallowRef<DryRunProgress | null>(null)
  /** The request that the dry run was about. */
  const dryRunOf = shallowRef<string | null>(null)
  const dryRunError = shallowRef<string | null>(null)
  const isRehearsing = shallowRef(false)
  const widths = shallowRef<readonly ExpectedWidth[]>([])
  const thresholds = shallowRef<ThresholdProgress | null>(null)
  const thresholdsOf = shallowRef<number | null>(null)
  const thresholdError = shallowRef<string | null>(null)
  const isProbing = shallowRef(false)
  let rehearsal = new AbortController()
  let probe = new AbortController()
  let widthQuestion = 0

  async function rehearse(request: UncheckedRequest): Promise<void> {
    rehearsal.abort()
    const own = new AbortController()
    rehearsal = own
    dryRun.value = null
    dryRunError.value = null
    dryRunOf.value = JSON.stringify(request)
    isRehearsing.value = true
    try {
      for await (const report of await api.transfers.dryRun({ request }, { signal: own.signal })) {
        if (own.signal.aborted) return
        dryRun.value = report
        dryRunError.value = report.refusal
      }
    } catch (cause) {
      if (!own.signal.aborted) dryRunError.value = toSentence(cause)
    } finally {
      if (rehearsal === own) isRehearsing.value = false
    }
  }

  function cancelRehearsal(): void {
    rehearsal.abort()
    isRehearsing.value = false
    if (dryRun.value?.result == null) dryRun.value = null
  }

  async function loadWidths(request: UncheckedRequest): Promise<void> {
    const question = ++widthQuestion
    try {
      const answer = await api.transfers.expectedWidth({ request })
      if (question === widthQuestion) widths.value = answer
    } catch {
      if (question === widthQuestion) widths.value = [] // only advice: the form works without it
    }
  }

  async function probeThresholds(runId: number, checkpointId?: number): Promise<void> {
    probe.abort()
    const own = new AbortController()
    probe = own
    thresholds.value = null
    thresholdError.value = null
    thresholdsOf.value = runId
    isProbing.value = true
    try {
      const input = checkpointId === undefined ? { runId } : { runId, checkpointId }
      for await (const report of await api.transfers.thresholds(input, { signal: own.signal })) {
        if (own.signal.aborted) return
        thresholds.value = report
      }
    } catch (cause) {
      if (!own.signal.aborted) thresholdError.value = toSentence(cause)
    } finally {
      if (probe === own) isProbing.value = false
    }
  }

  function leave(): void {
    cancelRehearsal()
    probe.abort()
    isProbing.value = false
  }

  return {
    dryRun,
    dryRunOf,
    dryRunError,
    isRehearsing,
    rehearse,
    cancelRehearsal,
    widths,
    loadWidths,
    thresholds,
    thresholdsOf,
    thresholdError,
    isProbing,
    probeThresholds,
    leave,
  }
})
