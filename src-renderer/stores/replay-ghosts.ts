import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { BranchRequest, Simulated, Vector } from '../../src-main/contract/index.ts'
import { api, toSentence } from '../api.ts'
import { toReplayArrays } from '../replay/arrays.ts'
import type { Ghost } from '../replay/ghosts.ts'
import { createSource, type SourceShape } from '../replay/source.ts'
import { type OpenReplay, readReplay } from './replay.ts'

/** What came of the simulations from one frame under one set of conditions. */
export interface BranchResult {
  id: number
  frame: number
  conditions: string
  /** With which it began, N s; null: with none. */
  push: Vector | null
  total: number
  done: number
  failures: number
  isRunning: boolean
}

/** Further episodes on the clock: recorded ones, and those that a branch simulates. */
export const useReplayGhostsStore = defineStore('replay-ghosts', () => {
  const companions = shallowRef<readonly OpenReplay[]>([])
  const branchGhosts = shallowRef<readonly Ghost[]>([])
  const results = shallowRef<readonly BranchResult[]>([])
  const error = shallowRef<string | null>(null)
  let branching: AbortController | null = null
  let nextId = 1

  function forget(): void {
    cancelBranch()
    companions.value = []
    branchGhosts.value = []
    results.value = []
    error.value = null
  }

  /** Reads the companions that are not there yet, and leaves the others. */
  async function accompany(episodeIds: readonly number[]): Promise<void> {
    const kept = companions.value.filter(
      ({ episode }) => episode.id !== null && episodeIds.includes(episode.id),
    )
    if (kept.length !== companions.value.length) companions.value = kept
    for (const id of episodeIds) {
      if (companions.value.some(({ episode }) => episode.id === id)) continue
      try {
        const read = await readReplay({ episodeId: id })
        companions.value = [...companions.value, read]
        error.value = null
      } catch (cause) {
        error.value = `Episode ${id} cannot be shown: ${toSentence(cause)}`
      }
    }
  }

  /** Simulates, and shows each episode as it ends. Another branch takes the place of one that is under way. */
  async function branch(request: BranchRequest, shape: SourceShape, conditions: string): Promise<void> {
    cancelBranch()
    const life = new AbortController()
    branching = life
    branchGhosts.value = []
    error.value = null
    const id = nextId++
    const total = request.seeds.length
    const { frame, push = null } = request
    results.value = [
      { id, frame, conditions, push, total, done: 0, failures: 0, isRunning: true },
      ...results.value,
    ]
    try {
      for await (const { done, simulated } of await api.replays.branch(request, { signal: life.signal })) {
        if (life.signal.aborted) break
        branchGhosts.value = [...branchGhosts.value, toGhost(simulated, frame, shape)]
        change(id, (result) => ({
          ...result,
          done,
          failures: result.failures + (simulated.outcome === 'failure' ? 1 : 0),
        }))
      }
    } catch (cause) {
      if (!life.signal.aborted) error.value = cause instanceof RangeError ? cause.message : toSentence(cause)
    }
    change(id, (result) => ({ ...result, isRunning: false }))
    if (branching === life) branching = null
  }

  function cancelBranch(): void {
    branching?.abort()
    branching = null
  }

  function clearBranch(): void {
    cancelBranch()
    branchGhosts.value = []
  }

  function change(id: number, to: (result: BranchResult) => BranchResult): void {
    results.value = results.value.map((result) => (result.id === id ? to(result) : result))
  }

  return { companions, branchGhosts, results, error, forget, accompany, branch, cancelBranch, clearBranch }
})

function toGhost({ seed, outcome, arrays }: Simulated, frame: number, shape: SourceShape): Ghost {
  return {
    key: `seed ${seed}`,
    name: `Seed ${seed}`,
    source: createSource(toReplayArrays(arrays), shape),
    outcome,
    offset: frame,
  }
}
