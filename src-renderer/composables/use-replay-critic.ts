import { computed, shallowRef, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import type { Checkpoint, Run } from '../../src-main/contract/index.ts'
import { epsilonOf } from '../replay/run-settings.ts'
import { withJudgement } from '../replay/source.ts'
import type { OpenReplay } from '../stores/replay.ts'
import { fieldKey, judgementKey, useReplayCriticsStore } from '../stores/replay-critics.ts'
import { useRunsStore } from '../stores/runs.ts'

/** Whose checkpoints may judge an episode: its own run, what that started from, and the other runs of its experiment. */
export interface CriticChoice {
  checkpoint: Checkpoint
  run: Run
  epsilonSafe: number | null
}

/** The safety critic of a chosen checkpoint over the replay: its judgement of the episode and its map of the floor. */
export function useReplayCritic(replay: () => OpenReplay | null) {
  const route = useRoute()
  const router = useRouter()
  const runs = useRunsStore()
  const critics = useReplayCriticsStore()

  const relatives = computed<Run[]>(() => {
    const opened = replay()
    if (opened === null) return []
    const { run } = opened
    if (run === null) return []
    const others = [...runs.runs.values()].filter(
      ({ id, experimentId, specification }) =>
        id !== run.id &&
        (id === run.pretrainRunId ||
          (experimentId === run.experimentId &&
            specification.task.environment === run.specification.task.environment)),
    )
    const closeness = ({ id, specification }: Run) =>
      (id === run.pretrainRunId ? -2 : 0) + (specification.seed === run.specification.seed ? -1 : 0)
    return [run, ...others.toSorted((one, other) => closeness(one) - closeness(other) || one.id - other.id)]
  })
  watch(
    () => relatives.value.map(({ id }) => id),
    (ids) => {
      if (ids.length > 0) void critics.list(ids)
    },
    { immediate: true },
  )

  const choices = computed<CriticChoice[]>(() => {
    const byId = new Map(relatives.value.map((run) => [run.id, run]))
    return critics.checkpoints.flatMap((checkpoint) => {
      const run = byId.get(checkpoint.runId)
      return run === undefined ? [] : [{ checkpoint, run, epsilonSafe: epsilonOf(run) }]
    })
  })
  const safetyCritics = computed(() => choices.value.filter(({ epsilonSafe }) => epsilonSafe !== null))

  const query = (name: string) => computed(() => route.query[name])
  const setQuery = (changes: Record<string, string | undefined>) =>
    router.replace({ query: { ...route.query, ...changes } })

  const wanted = query('checkpoint')
  const chosen = computed<CriticChoice | null>(() => {
    const own = replay()?.checkpointId ?? null
    const find = (id: number | null) => safetyCritics.value.find(({ checkpoint }) => checkpoint.id === id)
    return find(Number(wanted.value)) ?? find(own) ?? safetyCritics.value.at(0) ?? null
  })
  function choose(checkpointId: number): void {
    void setQuery({ checkpoint: String(checkpointId) })
  }

  const judges = computed({
    get: () => query('judged').value === '1',
    set: (next) => void setQuery({ judged: next ? '1' : undefined }),
  })
  const showsField = computed({
    get: () => query('field').value === '1' && replay()?.scene.field !== null,
    set: (next) => void setQuery({ field: next ? '1' : undefined }),
  })

  watch(
    [judges, chosen, replay],
    ([isOn, choice, opened]) => {
      if (isOn && choice !== null && opened !== null)
        void critics.judge(opened.reference, choice.checkpoint.id)
    },
    { immediate: true },
  )

  /** The episode with the chosen critic's opinion, where that is asked for and there. */
  const judgedSource = computed(() => {
    const opened = replay()
    if (opened === null) return null
    const judgement = critics.judgement
    const key = chosen.value && judgementKey(opened.reference, chosen.value.checkpoint.id)
    if (!judges.value || judgement === null || judgement.key !== key) return opened.source
    return withJudgement(opened.source, judgement.arrays, opened.actionSize)
  })
  const isJudged = computed(() => judgedSource.value !== null && judgedSource.value !== replay()?.source)

  /** The threshold that the timeline draws: the one that was in force, else the one of the critic that judges. */
  const epsilonSafe = computed(() => {
    const opened = replay()
    if (opened === null) return null
    if (isJudged.value) return chosen.value?.epsilonSafe ?? null
    return opened.epsilonSafe ?? epsilonOf(opened)
  })

  /** Steps through the lessons of one run: its own checkpoints, after those it started from. */
  const lessons = computed(() => {
    const choice = chosen.value
    if (choice === null) return []
    const { id, pretrainRunId } = choice.run
    const of = (runId: number | null) => safetyCritics.value.filter(({ run }) => run.id === runId)
    return [...of(pretrainRunId), ...of(id)]
  })

  const region = computed(() => replay()?.scene.field ?? null)
  watch(
    [showsField, chosen, region],
    async ([isShown, choice, floor]) => {
      const opened = replay()
      const taskOfRunId = opened?.taskOfRunId ?? null
      if (!isShown || choice === null || floor === null || taskOfRunId === null) return
      await critics.readField(choice.checkpoint.id, taskOfRunId, floor)
      // What the slider may be moved to next.
      for (const { checkpoint } of lessons.value) {
        if (chosen.value !== choice || !showsField.value) return
        await critics.readField(checkpoint.id, taskOfRunId, floor)
      }
    },
    { immediate: true },
  )
  const lastField = shallowRef<ReturnType<typeof critics.fields.get>>()
  const field = computed(() => {
    const [opened, choice] = [replay(), chosen.value]
    if (!showsField.value || choice === null || !opened?.taskOfRunId) return null
    return critics.fields.get(fieldKey(choice.checkpoint.id, opened.taskOfRunId)) ?? lastField.value ?? null
  })
  // The map before stays until the next one is there.
  watch(field, (now) => {
    lastField.value = now ?? undefined
  })

  return {
    critics,
    choices,
    safetyCritics,
    chosen,
    choose,
    judges,
    isJudged,
    judgedSource,
    epsilonSafe,
    showsField,
    hasField: computed(() => region.value !== null),
    lessons,
    field,
  }
}

export type ReplayCritic = ReturnType<typeof useReplayCritic>
