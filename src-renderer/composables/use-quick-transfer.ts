import { computed, shallowRef } from 'vue'
import { useLabStore } from '../stores/lab.ts'
import { useRunsStore } from '../stores/runs.ts'

const ENVIRONMENT = 'drunk-spider'

/** The transfer that needs no choices: SQRL against SAC on DrunkSpider with the quick preset. */
export function useQuickTransfer() {
  const lab = useLabStore()
  const runs = useRunsStore()
  const isStarting = shallowRef(false)
  const preset = computed(
    () =>
      lab.presets.find(({ environment, name }) => environment === ENVIRONMENT && name === 'quick') ?? null,
  )

  async function start(): Promise<void> {
    isStarting.value = true
    await runs.startTransfer({
      environment: ENVIRONMENT,
      methods: ['sqrl', 'sac'],
      seeds: [0],
      preset: 'quick',
    })
    isStarting.value = false
  }

  return { preset, isStarting, start }
}
