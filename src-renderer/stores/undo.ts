import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { useToastsStore } from './toasts.ts'

interface Step {
  run: () => Promise<void>
  toast: number
}

const seconds = 10

/** What can be taken back, the last first: by the toast that tells of it, or by the keys for as long as the window is open. */
export const useUndoStore = defineStore('undo', () => {
  const steps = shallowRef<readonly Step[]>([])
  const toasts = useToastsStore()

  function offer(text: string, run: () => Promise<void>): void {
    const step: Step = {
      run,
      toast: toasts.show({ text, seconds, action: { label: 'Undo', run: () => take(step) } }),
    }
    steps.value = [...steps.value, step]
  }

  async function undo(): Promise<void> {
    const last = steps.value.at(-1)
    if (last !== undefined) await take(last)
  }

  async function take(step: Step): Promise<void> {
    if (!steps.value.includes(step)) return
    steps.value = steps.value.filter((other) => other !== step)
    toasts.dismiss(step.toast)
    await step.run()
  }

  return { steps, offer, undo }
})
