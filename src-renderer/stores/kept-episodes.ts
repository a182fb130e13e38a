import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { KeptEpisode } from '../../src-main/contract/index.ts'
import { api, toSentence } from '../api.ts'

/** Episodes that came in files. */
export const useKeptEpisodesStore = defineStore('kept-episodes', () => {
  const episodes = shallowRef<readonly KeptEpisode[]>([])
  const error = shallowRef<string | null>(null)

  async function list(): Promise<void> {
    try {
      episodes.value = await api.keptEpisodes.list()
      error.value = null
    } catch (cause) {
      error.value = toSentence(cause)
    }
  }

  /** Whether it is gone. */
  async function remove(id: number): Promise<boolean> {
    try {
      await api.keptEpisodes.remove({ id })
      episodes.value = episodes.value.filter((episode) => episode.id !== id)
      error.value = null
      return true
    } catch (cause) {
      error.value = toSentence(cause)
      return false
    }
  }

  return { episodes, error, list, remove }
})
