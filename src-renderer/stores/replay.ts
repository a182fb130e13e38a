import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { EpisodeMark, EpisodeReference, Replay, Verification } from '../../src-main/contract/index.ts'
import { api, toSentence } from '../api.ts'
import { untilOpen } from '../connection.ts'
import { toReplayArrays } from '../replay/arrays.ts'
import { movingBodies } from '../replay/moving-bodies.ts'
import { referenceKey } from '../replay/references.ts'
import { createSource, type FrameSource } from '../replay/source.ts'

/** An episode and its frames. */
export interface OpenReplay extends Omit<Replay, 'arrays'> {
  source: FrameSource
}

/** Reads an episode with its frames. Rejects with what the lab says, or with a RangeError where the frames are damaged. */
export async function readReplay(reference: EpisodeReference): Promise<OpenReplay> {
  const { arrays, ...rest } = await api.replays.get(reference)
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
  let opening: EpisodeReference | null = null
  const isOpening = (reference: EpisodeReference) =>
    opening !== null && referenceKey(opening) === referenceKey(reference)

  async function open(reference: EpisodeReference, signal: AbortSignal): Promise<void> {
    opening = reference
    replay.value = null
    marks.value = []
    error.value = null
    refusal.value = null
    verification.value = null
    await untilOpen(signal)
    try {
      const listing = 'episodeId' in reference ? api.marks.list(reference) : []
      const [opened, listed] = await Promise.all([readReplay(reference), listing])
      if (!isOpening(reference) || signal.aborted) return
      replay.value = opened
      marks.value = listed
    } catch (cause) {
      if (isOpening(reference) && !signal.aborted) error.value = toReplaySentence(cause)
    }
  }

  /** Simulates the recorded actions again and compares every state. */
  async function verify(): Promise<void> {
    const reference = opening
    if (reference === null || isVerifying.value) return
    isVerifying.value = true
    try {
      const answer = await api.replays.verify(reference)
      if (isOpening(reference)) verification.value = answer
      refusal.value = null
    } catch (cause) {
      if (isOpening(reference)) refusal.value = toSentence(cause)
    }
    isVerifying.value = false
  }

  /** @param lastFrame of a stretch; null: a single moment. */
  function addMark(frame: number, label: string, lastFrame: number | null = null): Promise<void> {
    return changeMarks(async (id) => {
      const added = await api.marks.add({ episodeId: id, frame, lastFrame, label })
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
    const reference = opening
    if (reference === null || !('episodeId' in reference)) return
    try {
      const changed = await change(reference.episodeId)
      if (isOpening(reference)) marks.value = changed
      refusal.value = null
    } catch (cause) {
      if (isOpening(reference)) refusal.value = toSentence(cause)
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
