import type { Experiment } from '../../src-main/contract/index.ts'
import { useRunsStore } from '../stores/runs.ts'
import { useToastsStore } from '../stores/toasts.ts'
import { useTransferDraftStore } from '../stores/transfer-draft.ts'
import { useTransferSourceStore } from '../stores/transfer-sources.ts'
import { countOwn, type FormRequest, onEnvironment, type StartKind, toForm } from '../transfer/request.ts'
import { environmentLabel, isMethod } from '../transfer/words.ts'

/** What a transfer starts from, and on which environment it is; nothing that was entered goes without a word and a way back. */
export function useTransferStart() {
  const draft = useTransferDraftStore()
  const runs = useRunsStore()
  const sources = useTransferSourceStore()
  const toasts = useToastsStore()
  /** What was entered for environments that were left, to come back with them. */
  const setAside = new Map<string, FormRequest>()

  function say(text: string, before: FormRequest): void {
    toasts.show({ text, action: { label: 'Undo', run: () => draft.change(before) } })
  }

  /** The form on an environment; what it had of another one is set aside, and that is said. */
  function moved(environment: string): FormRequest {
    const before = draft.form
    if (environment === before.environment) return before
    const own = countOwn(before)
    setAside.set(before.environment, before)
    const kept = setAside.get(environment)
    const after = onEnvironment(before, environment, kept)
    const name = environmentLabel(before.environment)
    const back = kept && countOwn(kept) > 0 ? ` ${environmentLabel(environment)} has again what it had.` : ''
    if (own > 0)
      say(
        `${own === 1 ? 'One value was' : `${own} values were`} for ${name} alone and will be back with it.${back}`,
        before,
      )
    return after
  }

  function choose(kind: StartKind, id: number | null): void {
    const start = { kind, id }
    const experiment = kind === 'pretrained' ? runs.experiments.get(id ?? 0) : undefined
    const run = kind === 'pretrainedRun' ? runs.runs.get(id ?? 0) : undefined
    if (experiment !== undefined) takeOver(experiment)
    else if (run === undefined) draft.change({ start })
    else {
      const { method, task } = run.specification
      draft.change({ ...moved(task.environment), start, methods: [method] })
    }
  }

  /** What an experiment was asked for is asked for again, so that its pre-training fits. */
  function takeOver({ id, name, request }: Experiment): void {
    const before = draft.form
    const start = { kind: 'pretrained', id } as const
    const after = { ...toForm({ ...request }), name: before.name, start }
    draft.change(after)
    const asBefore = { ...after, start: before.start, preset: before.preset }
    if (countOwn(before) > 0 && JSON.stringify(asBefore) !== JSON.stringify(before))
      say(`What ${name} was asked for took the place of what was entered.`, before)
  }

  function chooseRunOfCheckpoint(runId: number): void {
    void sources.loadCheckpoints(runId)
    const run = runs.runs.get(runId)
    if (run === undefined) return
    const { method, task } = run.specification
    if (draft.form.start.id !== null && task.environment === draft.form.environment) return
    const { start } = draft.form
    draft.change({ ...moved(task.environment), start, ...(isMethod(method) ? { methods: [method] } : {}) })
  }

  return {
    choose,
    chooseRunOfCheckpoint,
    changeEnvironment: (environment: string) => draft.change(moved(environment)),
  }
}
