import { onScopeDispose, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { untilOpen } from '../connection.ts'
import { useTransferDraftStore } from '../stores/transfer-draft.ts'
import { isStep } from '../transfer/steps.ts'

/**
 * Keeps address and draft together: `/transfer` begins anew, or as a copy (`?from=experiment:3`, `?fromRun=7`) or from a checkpoint
 * (`?checkpoint=12`); once there is something to keep, the address names the draft and its step.
 */
export function useTransferWizard(draftId: () => number | null) {
  const store = useTransferDraftStore()
  const route = useRoute()
  const router = useRouter()
  let life = new AbortController()

  watch(
    [draftId, () => (draftId() === null ? route.fullPath : '')],
    async ([id]) => {
      if (id !== null && id === store.id) return
      life.abort()
      life = new AbortController()
      const { signal } = life
      if (id !== null) {
        await store.open(id, signal)
        const { step } = route.query
        if (!signal.aborted && isStep(step)) store.goTo(step)
        return
      }
      await beginAnew(signal)
    },
    { immediate: true },
  )

  async function beginAnew(signal: AbortSignal): Promise<void> {
    const { from, fromRun, checkpoint } = route.query
    const experiment = /^experiment:(\d+)$/.exec(String(from ?? ''))?.[1]
    if (experiment !== undefined) await store.cloneExperiment(Number(experiment), signal)
    else if (fromRun !== undefined) await store.cloneRun(Number(fromRun), signal)
    else if (checkpoint !== undefined) await store.beginFrom(Number(checkpoint), signal)
    else {
      // What it would start is asked at once, which a connection that is still being made refuses.
      await untilOpen(signal)
      if (signal.aborted) return
      store.begin()
      await store.loadDrafts(signal)
    }
  }

  // The draft got its number, or its step changed: say so in the address.
  watch([() => store.id, () => store.step], ([id, step], [idBefore]) => {
    if (id === null) return
    const to = { path: `/transfer/${id}`, query: { step } }
    if (id !== idBefore || draftId() === null) void router.replace(to)
    else if (route.query.step !== step) void router.push(to)
  })
  watch(
    () => route.query.step,
    (step) => {
      if (draftId() !== null && draftId() === store.id && isStep(step)) store.goTo(step)
    },
  )

  const saveNow = () => void store.flush()
  window.addEventListener('pagehide', saveNow)
  onScopeDispose(() => {
    life.abort()
    window.removeEventListener('pagehide', saveNow)
    saveNow()
  })
  return store
}
