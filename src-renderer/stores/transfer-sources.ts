import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { Checkpoint } from '../../src-main/contract/index.ts'
import { api } from '../api.ts'

/** Checkpoints of one run, for choosing what a transfer starts from. */
export const useTransferSourceStore = defineStore('transfer-sources', () => {
  const checkpoints = shallowRef<readonly Checkpoint[]>([])
  let wanted = 0

  async function loadCheckpoints(runId: number): Promise<void> {
    if (wanted === runId) return
    wanted = runId
    checkpoints.value = []
    try {
      const list = await api.checkpoints.list({ runId })
      if (wanted === runId) checkpoints.value = list
    } catch {
      wanted = 0 // an empty list says enough; choosing the run again asks again
    }
  }

  return { checkpoints, loadCheckpoints }
})
