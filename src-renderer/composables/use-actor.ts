import { computed, ref, watch } from 'vue'
import type { CriticChoice } from './use-replay-critic.ts'

interface Asked {
  choices: () => readonly CriticChoice[]
  /** Who acted in the episode that is replayed, or nearly. */
  checkpointId: () => number | null
  masked?: boolean
  /** Of a checkpoint that was asked for before; left out or undefined: the run's own. */
  epsilonSafe?: (checkpointId: number) => number | undefined
}

export type Actor = ReturnType<typeof useActor>

/** Who acts in the episodes that a form sets up, and under which mask. */
export function useActor({ choices, checkpointId, masked = true, epsilonSafe: asked }: Asked) {
  const chosen = ref(checkpointId())
  const wantsMask = ref(masked)
  const epsilonText = ref('')
  const choice = computed(() => {
    const find = (id: number | null) => choices().find(({ checkpoint }) => checkpoint.id === id)
    return find(chosen.value) ?? find(checkpointId()) ?? choices()[0]
  })
  watch(
    choice,
    (now) => {
      chosen.value = now?.checkpoint.id ?? null
      epsilonText.value = String((now && asked?.(now.checkpoint.id)) ?? now?.epsilonSafe ?? '')
    },
    { immediate: true },
  )
  const hasCritic = computed(() => choice.value !== undefined && choice.value.epsilonSafe !== null)
  const isMasked = computed(() => wantsMask.value && hasCritic.value)
  const epsilonSafe = computed(() => Number(epsilonText.value))
  /** Why it cannot act; null: it can. */
  const trouble = computed(() => {
    if (choice.value === undefined) return 'No checkpoint of this lab can act here.'
    const isShare = epsilonText.value.trim() !== '' && epsilonSafe.value >= 0 && epsilonSafe.value <= 1
    return isMasked.value && !isShare ? 'The threshold lies between 0 and 1.' : null
  })

  return {
    choices: computed(choices),
    chosen,
    wantsMask,
    epsilonText,
    choice,
    hasCritic,
    isMasked,
    epsilonSafe,
    trouble,
  }
}
