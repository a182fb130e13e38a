import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { LabStatus, PresetDescription, TargetDescription } from '../../src-main/contract/index.ts'
import { api, followAlways, toSentence } from '../api.ts'
import { connectionState } from '../connection.ts'
import { byKey, type Descriptions } from '../runs/descriptions.ts'

/** The lab as a whole: its name, what trains now, and the descriptions that do not change while it is open. */
export const useLabStore = defineStore('lab', () => {
  const status = shallowRef<LabStatus | null>(null)
  const presets = shallowRef<PresetDescription[]>([])
  const targets = shallowRef<TargetDescription[]>([])
  const settings = shallowRef<Descriptions>(new Map())
  const error = shallowRef<string | null>(null)

  async function start(signal: AbortSignal): Promise<void> {
    try {
      await followAlways(
        (streamSignal) => api.lab.watch(undefined, { signal: streamSignal }),
        (value, isFirst) => {
          status.value = value
          error.value = null
          // The lab behind a new connection may be another version.
          if (isFirst) void loadDescriptions()
        },
        signal,
      )
    } catch (cause) {
      error.value = toSentence(cause)
    }
  }

  async function loadDescriptions(): Promise<void> {
    try {
      const [presetList, targetList, settingList] = await Promise.all([
        api.lab.presets(),
        api.lab.targets(),
        api.lab.settings(),
      ])
      presets.value = presetList
      targets.value = targetList
      settings.value = byKey(settingList)
    } catch (cause) {
      error.value = toSentence(cause)
    }
  }

  return {
    connection: computed(() => connectionState.value),
    status,
    presets,
    targets,
    settings,
    error,
    start,
  }
})
