import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type {
  ReproductionChoice,
  ReproductionFinding,
  ReproductionQuery,
  ReproductionStanding,
} from '../../src-main/contract/index.ts'
import { api, follow, toSentence } from '../api.ts'
import { untilOpen } from '../connection.ts'
import { findingKey } from '../reproduction/words.ts'
import { createProblems } from './problems.ts'

/** The paper's figures beside the lab's own. */
export const useReproductionStore = defineStore('reproduction', () => {
  const choice = shallowRef<ReproductionChoice | null>(null)
  const standing = shallowRef<ReproductionStanding | null>(null)
  const findings = shallowRef<ReadonlyMap<string, ReproductionFinding>>(new Map())
  /** How many findings have come of the ones asked for; null while none are asked for. */
  const reading = shallowRef<{ done: number; total: number } | null>(null)
  const { error, say, clear: dismissError } = createProblems<'choice' | 'standing' | 'findings' | 'change'>()
  let asked = ''
  let turn = 0
  let readingNow = new AbortController()

  async function loadChoice(): Promise<void> {
    if (choice.value !== null) return
    try {
      await untilOpen(new AbortController().signal)
      choice.value = await api.reproductions.choice()
      say('choice', null)
    } catch (cause) {
      say('choice', toSentence(cause))
    }
  }

  /** Another request leaves nothing of the one before on the page. */
  function ask(query: ReproductionQuery): void {
    const now = JSON.stringify(query)
    if (now === asked) return
    asked = now
    standing.value = null
    findings.value = new Map()
  }

  async function loadStanding(query: ReproductionQuery): Promise<void> {
    ask(query)
    const mine = ++turn
    try {
      await untilOpen(new AbortController().signal)
      const answer = await api.reproductions.standing(query)
      if (mine !== turn) return
      standing.value = answer
      say('standing', null)
    } catch (cause) {
      if (mine === turn) say('standing', toSentence(cause))
    }
  }

  /** One after the other; those of before stay until the new ones come. */
  async function loadFindings(query: ReproductionQuery): Promise<void> {
    ask(query)
    readingNow.abort()
    const mine = new AbortController()
    readingNow = mine
    reading.value = { done: 0, total: 1 }
    const seen = new Set<string>()
    try {
      await follow(
        (signal) => api.reproductions.findings(query, { signal }),
        ({ done, total, finding }) => {
          reading.value = { done, total }
          seen.add(findingKey(finding))
          findings.value = new Map(findings.value).set(findingKey(finding), finding)
        },
        mine.signal,
      )
      if (mine.signal.aborted) return
      findings.value = new Map([...findings.value].filter(([key]) => seen.has(key)))
      say('findings', null)
    } catch (cause) {
      if (!mine.signal.aborted) say('findings', toSentence(cause))
    }
    if (readingNow === mine) reading.value = null
  }

  const start = (query: ReproductionQuery) =>
    change('Nothing was started', () => api.reproductions.start(query))
  const stop = (query: ReproductionQuery) => change('It goes on', () => api.reproductions.stop(query))

  async function change(what: string, work: () => Promise<ReproductionStanding>): Promise<void> {
    const mine = ++turn
    try {
      const answer = await work()
      if (mine === turn) standing.value = answer
      say('change', null)
    } catch (cause) {
      say('change', `${what}: ${toSentence(cause)}`)
    }
  }

  function leave(): void {
    readingNow.abort()
    reading.value = null
  }

  return {
    choice,
    standing,
    findings,
    reading,
    error,
    loadChoice,
    loadStanding,
    loadFindings,
    start,
    stop,
    leave,
    dismissError,
  }
})
