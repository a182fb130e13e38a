import { defineStore } from 'pinia'
import { ref, watch } from 'vue'
import { z } from 'zod'
import type { ViewName } from '../actions/describe.ts'
import { api } from '../api.ts'
import { placeOf } from '../places.ts'
import { useRunsStore } from './runs.ts'

const storageKey = 'atHand'
const things = z.object({
  run: z.int().nullable(),
  experiment: z.int().nullable(),
  episode: z.int().nullable(),
  draft: z.int().nullable(),
})
export type Things = z.infer<typeof things>
const nothing: Things = { run: null, experiment: null, episode: null, draft: null }

/** Failures of which the first with frames is looked for where none was chosen. */
const mostLooked = 50

/** Where an action can be done. `missing`: what has to be chosen there first. */
export interface Reach {
  readonly path: string
  readonly missing: string | null
}

/** The run, the experiment, the episode and the draft that this window had to do with last, which actions of their views are about. */
export const useAtHandStore = defineStore('at-hand', () => {
  const runs = useRunsStore()
  const last = ref<Things>(read())
  watch(last, (now) => sessionStorage.setItem(storageKey, JSON.stringify(now)))

  function hold(held: Partial<Things>): void {
    last.value = { ...last.value, ...held }
  }

  async function reach(view: ViewName): Promise<Reach> {
    const { run, experiment, episode, draft } = last.value
    if (view === 'run')
      return run !== null && runs.runs.has(run)
        ? { path: `/runs/${run}`, missing: null }
        : { path: '/runs', missing: 'Choose a run first: open it, or go to it in the table.' }
    if (view === 'experiment')
      return experiment !== null && runs.experiments.has(experiment)
        ? { path: `/experiments/${experiment}`, missing: null }
        : { path: '/experiments', missing: 'Choose an experiment first: open it from the list.' }
    if (view === 'replay') {
      const id = episode ?? (await newestReplay())
      return id === null
        ? {
            path: '/failures',
            missing: 'No episode with frames has failed here so far, so there is nothing to replay.',
          }
        : { path: `/replay/${id}`, missing: null }
    }
    if (view === 'transfer' && draft !== null) return { path: `/transfer/${draft}`, missing: null }
    return { path: placeOf(view), missing: null }
  }

  return { last, hold, reach }
})

async function newestReplay(): Promise<number | null> {
  try {
    const { failures } = await api.failures.list({ sort: 'run', descending: true, limit: mostLooked })
    return failures.find(({ hasFrames }) => hasFrames)?.id ?? null
  } catch {
    // The list of failures, which is opened instead, says why it cannot be read.
    return null
  }
}

function read(): Things {
  try {
    return things.parse(JSON.parse(sessionStorage.getItem(storageKey) ?? 'null'))
  } catch {
    return nothing
  }
}
