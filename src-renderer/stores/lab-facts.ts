import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { LabFacts, MachineCheck, OpenLabHow } from '../../src-main/contract/index.ts'
import { api, toSentence } from '../api.ts'
import { useToastsStore } from './toasts.ts'

/** The lab as a thing on a disk, and what can be done with it as a whole. */
export const useLabFactsStore = defineStore('lab-facts', () => {
  const facts = shallowRef<LabFacts | null>(null)
  const checks = shallowRef<readonly MachineCheck[] | null>(null)
  const isExamining = shallowRef(false)
  /** Share of the compacting that is done; null while none goes on. */
  const compacting = shallowRef<number | null>(null)
  const error = shallowRef<string | null>(null)
  const toasts = useToastsStore()

  const guarded = async (work: () => Promise<void>) => {
    error.value = null
    try {
      await work()
    } catch (cause) {
      error.value = toSentence(cause)
    }
  }

  const load = () =>
    guarded(async () => {
      facts.value = await api.lab.facts()
    })

  const examine = () =>
    guarded(async () => {
      isExamining.value = true
      try {
        checks.value = await api.lab.examine()
      } finally {
        isExamining.value = false
      }
    })

  const compact = () =>
    guarded(async () => {
      const before = facts.value?.sizes.freeBytes ?? 0
      compacting.value = 0
      try {
        for await (const { share } of await api.files.compact()) compacting.value = share
      } finally {
        compacting.value = null
      }
      facts.value = await api.lab.facts()
      toasts.show({
        text: before === 0 ? 'There was nothing to give back.' : 'The unused space is the disk’s again.',
      })
    })

  const emptyTrash = () =>
    guarded(async () => {
      const { runs, experiments } = await api.lab.emptyTrash()
      const gone = runs + experiments
      toasts.show({
        text:
          gone === 0 ? 'The trash was empty.' : `Deleted for good: ${runs} runs, ${experiments} experiments.`,
      })
      facts.value = await api.lab.facts()
    })

  const setSlots = (slots: number) => guarded(async () => void (await api.lab.setSlots({ slots })))

  const openAnother = (how: OpenLabHow) => guarded(async () => void (await api.lab.openAnother({ how })))

  return {
    facts,
    checks,
    isExamining,
    compacting,
    error,
    load,
    examine,
    compact,
    emptyTrash,
    setSlots,
    openAnother,
  }
})
