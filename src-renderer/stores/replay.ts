import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { EpisodeMark, Replay, Verification } from '../../src-main/contract/index.ts'
import { api, toSentence } from '../api.ts'
import { untilOpen } from '../connection.ts'
import { toReplayArrays } from '../replay/arrays.ts'
import { movingBodies } from '../replay/moving-bodies.ts'
import { createSource, type FrameSource } from '../replay/source.ts'

/** An episode and its frames. */
export interface OpenReplay extends Omit<Replay, 'arrays'> {
  source: FrameSource
}

/** Reads an episode with its frames. Rejects with what the lab says, or with a RangeError where the frames are damaged. */
export async function readReplay(episodeId: number): Promise<OpenReplay> {
  const { arrays, ...rest } = await api.replays.get({ episodeId })
  const { stateSize, actionSize, scene } = rest
  const shape = { stateSize, actionSize, movingBodies: movingBodies(scene).length }
  return { ...rest, source: createSource(toReplayArrays(arrays), shape) }
}

/** The episode that is replayed, and what was marked in it. */
export const useReplayStore = defineStore('replay', () => {
  const replay = shallowRef<OpenReplay | null>(null)
  const marks = shallowRef<readonly EpisodeMark[]>([])
  const error = shallowRef<string | null>(null)
  /** Why a mark could not be kept, or the episode not be verified. */
  const refusal = shallowRef<string | null>(null)
  const verification = shallowRef<Verification | null>(null)
  const isVerifying = shallowRef(false)
  let episodeId: number | null = null

  async function open(id: number, signal: AbortSignal): Promise<void> {
    episodeId = id
    replay.value = null
    marks.value = []
    error.value = null
    refusal.value = null
    verification.value = null
    await untilOpen(signal)
    try {
      const [opened, listed] = await Promise.all([readReplay(id), api.marks.list({ episodeId: id })])
      if (episodeId !== id || signal.aborted) return
      replay.value = opened
      marks.value = listed
    } catch (cause) {
      if (episodeId === id && !signal.aborted) error.value = toReplaySentence(cause)
    }
  }

  /** Simulates the recorded actions again and compares every state. */
  async function verify(): Promise<void> {
    const id = episodeId
    if (id === null || isVerifying.value) return
    isVerifying.value = true
    try {
      const answer = await api.replays.verify({ episodeId: id })
      if (episodeId === id) verification.value = answer
      refusal.value = null
    } catch (cause) {
      if (episodeId === id) refusal.value = toSentence(cause)
    }
    isVerifying.value = false
  }

  function addMark(frame: number, label: string): Promise<void> {
    return changeMarks(async (id) => {
      const added = await api.marks.add({ episodeId: id, frame, label })
      return [...marks.value, added]
    })
  }

  function renameMark(id: number, label: string): Promise<void> {
    return changeMarks(async () => {
      const renamed = await api.marks.rename({ id, label })
      return marks.value.map((mark) => (mark.id === id ? renamed : mark))
    })
  }

  function removeMark(id: number): Promise<void> {
    return changeMarks(async () => {
      await api.marks.remove({ id })
      return marks.value.filter((mark) => mark.id !== id)
    })
  }

  async function changeMarks(change: (episodeId: number) => Promise<EpisodeMark[]>): Promise<void> {
    const id = episodeId
    if (id === null) return
    try {
      const changed = await change(id)
      if (episodeId === id) marks.value = changed
      refusal.value = null
    } catch (cause) {
      if (episodeId === id) refusal.value = toSentence(cause)
    }
  }

  return {
    replay,
    marks,
    error,
    refusal,
    verification,
    isVerifying,
    open,
    verify,
    addMark,
    renameMark,
    removeMark,
  }
})

export function toReplaySentence(cause: unknown): string {
  return cause instanceof RangeError ? `${cause.message} Verify the lab’s file.` : toSentence(cause)
}
