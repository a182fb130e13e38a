import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { CheckpointRule, Thinning } from '../../src-main/contract/index.ts'
import { api, toSentence } from '../api.ts'

/** Which checkpoints of finished runs the lab keeps. */
export const useCheckpointRuleStore = defineStore('checkpoint-rule', () => {
  const rule = shallowRef<CheckpointRule | null>(null)
  /** What thinning out now would delete; null until it is asked for. */
  const trial = shallowRef<Thinning | null>(null)
  const error = shallowRef<string | null>(null)

  async function guarded<T>(work: () => Promise<T>): Promise<T | null> {
    error.value = null
    try {
      return await work()
    } catch (cause) {
      error.value = toSentence(cause)
      return null
    }
  }

  async function load(): Promise<void> {
    rule.value = (await guarded(() => api.checkpoints.rule())) ?? rule.value
  }

  async function choose(chosen: CheckpointRule): Promise<void> {
    rule.value = (await guarded(() => api.checkpoints.setRule(chosen))) ?? rule.value
  }

  async function tryOut(): Promise<void> {
    const chosen = rule.value
    if (chosen !== null)
      trial.value = await guarded(() => api.checkpoints.thinOut({ rule: chosen, isTrial: true }))
  }

  /** Gives what was deleted. */
  async function thinOut(): Promise<Thinning | null> {
    const chosen = rule.value
    trial.value = null
    return chosen === null
      ? null
      : await guarded(() => api.checkpoints.thinOut({ rule: chosen, isTrial: false }))
  }

  return { rule, trial, error, load, choose, tryOut, thinOut }
})
