import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type {
  Experiment,
  SavedDraft,
  TransferDraft,
  TransferPlan,
  TransferStep,
  UncheckedRequest,
} from '../../src-main/contract/index.ts'
import { api, toSentence } from '../api.ts'
import { untilOpen } from '../connection.ts'
import { cloneRequest, type FormRequest, fromForm, newRequest, toForm } from '../transfer/request.ts'
import { createProblems } from './problems.ts'

const saveMillis = 400
const planMillis = 120

const knownEntries = {
  ...fromForm(newRequest()),
  name: 0,
  pretrained: 0,
  pretrainedRun: 0,
  checkpoint: 0,
  pretrainSteps: 0,
  finetuneSteps: 0,
  draws: 0,
}

/** The transfer that is being set up: kept in the lab as it is typed, and judged by the lab's own schema. */
export const useTransferDraftStore = defineStore('transfer-draft', () => {
  const id = ref<number | null>(null)
  const form = shallowRef<FormRequest>(newRequest())
  const step = ref<TransferStep>('pretraining')
  const parent = shallowRef<TransferDraft['parent']>(null)
  const plan = shallowRef<TransferPlan | null>(null)
  const drafts = shallowRef<readonly SavedDraft[]>([])
  const isLoaded = ref(false)
  const isStarting = ref(false)
  const savedAt = ref<number | null>(null)
  const { error, say, clear: dismissError } = createProblems<'draft' | 'plan' | 'file'>()
  let saveTimer: ReturnType<typeof setTimeout> | undefined
  let planTimer: ReturnType<typeof setTimeout> | undefined
  /** One at a time, so that a new draft is not inserted twice. */
  let saving: Promise<void> = Promise.resolve()
  let asked = 0
  let isDirty = false

  const problems = computed(() => plan.value?.problems ?? [])
  const newRuns = computed(() => plan.value?.runs.filter(({ existingRunId }) => existingRunId === null) ?? [])
  const canStart = computed(() => plan.value?.request != null && !isStarting.value)

  async function guarded<T>(
    work: () => Promise<T>,
    part: 'draft' | 'plan' | 'file' = 'draft',
  ): Promise<T | null> {
    try {
      const result = await work()
      say(part, null)
      return result
    } catch (cause) {
      say(part, toSentence(cause))
      return null
    }
  }

  /** Forgets the draft shown before, and begins one that is not in the lab yet. */
  function begin(request: FormRequest = newRequest(), clonedFrom: TransferDraft['parent'] = null): void {
    clearTimeout(saveTimer)
    isDirty = false
    id.value = null
    form.value = request
    step.value = 'pretraining'
    parent.value = clonedFrom
    plan.value = null
    savedAt.value = null
    dismissError()
    isLoaded.value = true
    void judge()
  }

  /** Where what was to be begun with cannot be had; why stays to be read. */
  function beginAnyway(): void {
    const why = error.value
    begin()
    say('draft', why)
  }

  async function open(draftId: number, signal: AbortSignal): Promise<void> {
    clearTimeout(saveTimer)
    isDirty = false
    isLoaded.value = false
    id.value = null
    plan.value = null
    await untilOpen(signal)
    const draft = await guarded(() => api.drafts.get({ id: draftId }))
    if (signal.aborted) return
    isLoaded.value = true
    if (draft === null) return
    id.value = draft.id
    form.value = toForm(draft.request)
    step.value = draft.step
    parent.value = draft.parent
    savedAt.value = draft.updatedAt
    void judge()
  }

  /** A copy of what an experiment was asked for; kept at once, so that a reload finds it. */
  async function cloneExperiment(experimentId: number, signal: AbortSignal): Promise<void> {
    await untilOpen(signal)
    const experiment = await guarded(() => api.experiments.get({ id: experimentId }))
    if (signal.aborted) return
    if (experiment === null) return beginAnyway()
    const { name, request } = experiment
    begin({ ...cloneRequest(request), name: '' }, { name, request })
    await save()
  }

  /** The same for one run of it. */
  async function cloneRun(runId: number, signal: AbortSignal): Promise<void> {
    await untilOpen(signal)
    const found = await guarded(async () => {
      const run = await api.runs.get({ id: runId })
      return { run, experiment: await api.experiments.get({ id: run.experimentId }) }
    })
    if (signal.aborted) return
    if (found === null) return beginAnyway()
    const form = { ...cloneRequest(found.experiment.request, found.run), name: '' }
    const checked = await guarded(() => api.transfers.plan({ request: fromForm(form) }))
    if (signal.aborted) return
    const request = checked?.request ?? null
    begin(form, request === null ? null : { name: `run ${runId}`, request })
    await save()
  }

  /** From a checkpoint, on the environment and with the method that it was trained with. */
  async function beginFrom(checkpointId: number, signal: AbortSignal): Promise<void> {
    await untilOpen(signal)
    const run = await guarded(async () => {
      const { runId } = await api.checkpoints.get({ id: checkpointId })
      return (await api.runs.get({ id: runId })).specification
    })
    if (signal.aborted) return
    if (run === null) return beginAnyway()
    const { method, task } = run
    const start = { kind: 'checkpoint', id: checkpointId } as const
    begin({ ...newRequest(), environment: task.environment, methods: [method], start })
    await save()
  }

  async function loadDrafts(signal: AbortSignal): Promise<void> {
    await untilOpen(signal)
    const list = await guarded(() => api.drafts.list())
    if (list !== null && !signal.aborted) drafts.value = list
  }

  function change(changes: Partial<FormRequest>): void {
    form.value = { ...form.value, ...changes }
    saveSoon()
    clearTimeout(planTimer)
    planTimer = setTimeout(() => void judge(), planMillis)
  }

  function goTo(next: TransferStep): void {
    if (step.value === next) return
    step.value = next
    saveSoon()
  }

  /** A request from a file in place of this one. */
  async function replace(request: UncheckedRequest): Promise<void> {
    const judged = await guarded(() => api.transfers.plan({ request }), 'file')
    if (judged === null) return
    // An entry that the form cannot show would be lost without a word.
    const unknown = judged.problems.find(({ path }) => path.length < 2 && !(String(path[0]) in knownEntries))
    if (unknown !== undefined) {
      say('file', `The file was not taken over: ${unknown.sentence}`)
      return
    }
    parent.value = null
    change(toForm(request))
  }

  function saveSoon(): void {
    clearTimeout(saveTimer)
    isDirty = true
    saveTimer = setTimeout(() => void save(), saveMillis)
  }

  /** Now, and not a moment later: called when the page goes away. */
  async function save(): Promise<void> {
    clearTimeout(saveTimer)
    isDirty = false
    const draft: TransferDraft = { request: fromForm(form.value), step: step.value, parent: parent.value }
    saving = saving.then(async () => {
      const known = id.value
      const saved = await guarded(() => api.drafts.save(known === null ? { draft } : { id: known, draft }))
      if (saved === null) return
      id.value = saved.id
      savedAt.value = saved.updatedAt
    })
    await saving
  }

  /** What was typed and is not kept yet is kept now. */
  async function flush(): Promise<void> {
    if (isDirty) await save()
  }

  /** Asks the lab what the request would start, or what is wrong with it. Late answers are dropped. */
  async function judge(): Promise<void> {
    const question = ++asked
    const request: UncheckedRequest = fromForm(form.value)
    const known = parent.value
    const answer = await guarded(
      () => api.transfers.plan(known === null ? { request } : { request, parent: known.request }),
      'plan',
    )
    if (answer !== null && question === asked) plan.value = answer
  }

  async function remove(draftId: number): Promise<void> {
    clearTimeout(saveTimer)
    isDirty = false
    await saving
    await guarded(() => api.drafts.remove({ id: draftId }))
    drafts.value = drafts.value.filter((draft) => draft.id !== draftId)
  }

  /** Starts the transfer; its draft has then done its work. */
  async function start(): Promise<Experiment | null> {
    const request = plan.value?.request
    if (!request) return null
    isStarting.value = true
    clearTimeout(saveTimer)
    await saving
    const experiment = await guarded(() => api.experiments.start(request))
    isStarting.value = false
    if (experiment !== null && id.value !== null) await remove(id.value)
    return experiment
  }

  /** A discarded draft comes back, under another number. */
  async function restore({ request, step, parent }: TransferDraft): Promise<void> {
    const back = await guarded(() => api.drafts.save({ draft: { request, step, parent } }))
    if (back !== null) drafts.value = [back, ...drafts.value]
  }

  return {
    id,
    form,
    step,
    parent,
    plan,
    problems,
    newRuns,
    canStart,
    drafts,
    isLoaded,
    isStarting,
    savedAt,
    error,
    begin,
    open,
    loadDrafts,
    change,
    goTo,
    save,
    flush,
    replace,
    cloneExperiment,
    cloneRun,
    beginFrom,
    remove,
    restore,
    start,
    dismissError,
  }
})
