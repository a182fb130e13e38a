import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import { type Provenance, provenance, type Run, type RunState, runState, tag } from '../contract/runs.ts'
import { type RunSpecification, runSpecification } from '../contract/transfer.ts'
import type { TrainingBatch } from '../training/messages.ts'
import { readStored } from './stored.ts'

interface RunRow {
  id: number
  experiment_id: number
  pretrain_run_id: number | null
  pretrain_checkpoint_id: number | null
  specification: string
  state: string
  error: string | null
  step: number
  environment_steps: number
  episodes: number
  failures: number
  successes: number
  recent_return: number | null
  steps_per_second: number | null
  trained_seconds: number
  created_at: number
  started_at: number | null
  ended_at: number | null
  provenance: string | null
  note: string
  tags: string
  deleted_at: number | null
}

export interface NewRun {
  experimentId: number
  pretrainRunId: number | null
  /** Left out: the last one, once the pre-training run is finished. */
  pretrainCheckpointId?: number | null
  specification: RunSpecification
  createdAt: number
}

export interface StateChange {
  state: RunState
  error?: string | null
  errorDetail?: string | null
  at: number
}

/** Counters that a run takes back from a checkpoint; the episode counters are counted again. */
export interface Progress {
  step: number
  environmentSteps: number
  recentReturn: number | null
  trainedSeconds: number
}

export type RunStore = ReturnType<typeof runStore>

const columns = `id, experiment_id, pretrain_run_id, pretrain_checkpoint_id, specification, state, error, step, environment_steps, episodes, failures,
  successes, recent_return, steps_per_second, trained_seconds, created_at, started_at, ended_at, provenance,
  note, tags, deleted_at`

const activeStates: readonly RunState[] = ['running', 'pausing', 'stopping']

/** Whether a run in this state occupies a worker. */
export const isActive = (state: RunState): boolean => activeStates.includes(state)

/** The same states as a list in SQL. */
export const active = `(${activeStates.map((state) => `'${state}'`).join(', ')})`

export function runStore(db: Database) {
  const parse = runParser()
  const insert = db.prepare<Record<string, unknown>, RunRow>(
    `INSERT INTO runs (experiment_id, pretrain_run_id, pretrain_checkpoint_id, specification, state, created_at)
     VALUES (@experimentId, @pretrainRunId, @pretrainCheckpointId, @specification, 'queued', @createdAt) RETURNING ${columns}`,
  )
  const selectAll = db.prepare<[], RunRow>(`SELECT ${columns} FROM runs WHERE deleted_at IS NULL ORDER BY id`)
  const selectBefore = db.prepare<{ id: number; limit: number }, RunRow>(
    `SELECT ${columns} FROM runs WHERE deleted_at IS NULL AND id < @id ORDER BY id DESC LIMIT @limit`,
  )
  const selectTrash = db.prepare<[], RunRow>(
    `SELECT ${columns} FROM runs WHERE deleted_at IS NOT NULL ORDER BY deleted_at DESC, id`,
  )
  const selectOne = db.prepare<{ id: number }, RunRow>(`SELECT ${columns} FROM runs WHERE id = @id`)
  const selectOfExperiment = db.prepare<{ experimentId: number }, RunRow>(
    `SELECT ${columns} FROM runs WHERE experiment_id = @experimentId AND deleted_at IS NULL ORDER BY id`,
  )
  const selectUnfinished = db.prepare<[], RunRow>(
    `SELECT ${columns} FROM runs WHERE deleted_at IS NULL AND experiment_id IN
       (SELECT experiment_id FROM runs WHERE deleted_at IS NULL AND (state = 'queued' OR state IN ${active})) ORDER BY id`,
  )
  const selectStartable = db.prepare<{ limit: number; experimentId: number | null }, RunRow>(
    `SELECT ${columns} FROM runs WHERE state = 'queued' AND deleted_at IS NULL
       AND (@experimentId IS NULL OR experiment_id = @experimentId) AND (pretrain_run_id IS NULL OR pretrain_checkpoint_id IS NOT NULL OR EXISTS
       (SELECT 1 FROM runs AS pretrain WHERE pretrain.id = runs.pretrain_run_id AND pretrain.state = 'finished'))
     ORDER BY id LIMIT @limit`,
  )
  const updateState = db.prepare<Record<string, unknown>>(
    `UPDATE runs SET state = @state, error = @error, error_detail = @errorDetail,
       started_at = CASE WHEN @state = 'running' THEN coalesce(started_at, @at) ELSE started_at END,
       ended_at = CASE WHEN @state IN ('finished', 'failed', 'stopped') THEN @at END
     WHERE id = @id`,
  )
  const updateLeftovers = db
    .prepare<{ error: string }, number>(
      `UPDATE runs SET state = 'interrupted', error = @error WHERE state IN ${active} RETURNING id`,
    )
    .pluck()
  const updateProvenance = db.prepare<{ id: number; provenance: string }>(
    'UPDATE runs SET provenance = @provenance WHERE id = @id',
  )
  const updateSpecification = db.prepare<{ id: number; specification: string }>(
    'UPDATE runs SET specification = @specification WHERE id = @id',
  )
  const updateNote = db.prepare<{ id: number; note: string }>('UPDATE runs SET note = @note WHERE id = @id')
  const updateTags = db.prepare<{ id: number; tags: string }>('UPDATE runs SET tags = @tags WHERE id = @id')
  const updatePretrainCheckpoint = db.prepare<{ id: number; checkpointId: number | null }>(
    'UPDATE runs SET pretrain_checkpoint_id = @checkpointId WHERE id = @id',
  )
  const selectPretrainCheckpoint = db.prepare<{ id: number }, { id: number | null }>(
    'SELECT pretrain_checkpoint_id AS id FROM runs WHERE id = @id',
  )
  const updateProgress = db.prepare<Record<string, unknown>>(
    `UPDATE runs SET step = @step, environment_steps = @environmentSteps, recent_return = @recentReturn,
       steps_per_second = @stepsPerSecond, trained_seconds = trained_seconds + @trainedSeconds,
       episodes = episodes + @episodes, failures = failures + @failures, successes = successes + @successes
     WHERE id = @id`,
  )
  const resetProgress = db.prepare<Progress & { id: number }>(
    `UPDATE runs SET step = @step, environment_steps = @environmentSteps, recent_return = @recentReturn,
       trained_seconds = @trainedSeconds, (episodes, failures, successes) =
         (SELECT count(*), count(*) FILTER (WHERE outcome = 'failure'), count(*) FILTER (WHERE outcome = 'success')
          FROM episodes WHERE run_id = @id AND kind <> 'evaluation')
     WHERE id = @id`,
  )

  return {
    insert(run: NewRun): Run {
      const row = insert.get({
        pretrainCheckpointId: null,
        ...run,
        specification: JSON.stringify(run.specification),
      })
      if (row === undefined) throw new Error('The run was not inserted.')
      return parse(row)
    },
    list: (): Run[] => selectAll.all().map(parse),
    /** The newest of the runs before this one, the newest first. */
    listBefore: (id: number, limit: number): Run[] => selectBefore.all({ id, limit }).map(parse),
    listOfExperiment: (experimentId: number): Run[] => selectOfExperiment.all({ experimentId }).map(parse),
    /** All runs of the experiments in which something trains or waits. */
    listUnfinished: (): Run[] => selectUnfinished.all().map(parse),
    /** Queued runs that know the checkpoint they start from, or whose pre-training run, if they have one, is finished; of one experiment or of all. */
    listStartable: (limit: number, experimentId: number | null = null): Run[] =>
      selectStartable.all({ limit, experimentId }).map(parse),
    /** Deleted runs, the last deleted first. */
    listTrash: (): Run[] => selectTrash.all().map(parse),
    get(id: number): Run | null {
      const row = selectOne.get({ id })
      return row === undefined || row.deleted_at !== null ? null : parse(row)
    },
    /** As `get`, in the trash too. */
    find(id: number): Run | null {
      const row = selectOne.get({ id })
      return row === undefined ? null : parse(row)
    },
    /** Takes the error away too, unless the change brings one. */
    updateState(id: number, { state, error = null, errorDetail = null, at }: StateChange): void {
      updateState.run({ id, state, error, errorDetail, at })
    },
    /** Runs that a crash left in the hands of a worker; returns which. */
    interruptLeftovers: (error: string): number[] => updateLeftovers.all({ error }),
    updateNote(id: number, note: string): void {
      updateNote.run({ id, note })
    },
    updateTags(id: number, tags: readonly string[]): void {
      updateTags.run({ id, tags: JSON.stringify(tags) })
    },
    updateProvenance(id: number, value: Provenance): void {
      updateProvenance.run({ id, provenance: JSON.stringify(value) })
    },
    updateSpecification(id: number, specification: RunSpecification): void {
      updateSpecification.run({ id, specification: JSON.stringify(specification) })
    },
    /** Which checkpoint a fine-tuning run started from, since its pre-training run may be extended later. */
    updatePretrainCheckpoint(id: number, checkpointId: number | null): void {
      updatePretrainCheckpoint.run({ id, checkpointId })
    },
    getPretrainCheckpointId: (id: number): number | null => selectPretrainCheckpoint.get({ id })?.id ?? null,
    addProgress(id: number, batch: TrainingBatch): void {
      const counted = batch.episodes.filter((episode) => episode.kind !== 'evaluation')
      updateProgress.run({
        id,
        step: batch.step,
        environmentSteps: batch.environmentSteps,
        recentReturn: batch.recentReturn,
        stepsPerSecond: batch.stepsPerSecond,
        trainedSeconds: batch.trainedSeconds,
        episodes: counted.length,
        failures: counted.filter((episode) => episode.outcome === 'failure').length,
        successes: counted.filter((episode) => episode.outcome === 'success').length,
      })
    },
    resetProgress(id: number, progress: Progress): void {
      resetProgress.run({ id, ...progress })
    },
  }
}

/** Specifications and provenances of a lab repeat and seldom change, so the same text is parsed once. */
function runParser(): (row: RunRow) => Run {
  const specifications = new Map<number, { text: string; value: RunSpecification }>()
  const provenances = new Map<string, Provenance>()
  const tagLists = new Map<string, string[]>()

  const parseSpecification = (id: number, text: string): RunSpecification => {
    const known = specifications.get(id)
    if (known?.text === text) return known.value
    const value = readStored(runSpecification, JSON.parse(text), `Run ${id}`)
    specifications.set(id, { text, value })
    return value
  }
  const parseProvenance = (id: number, text: string): Provenance => {
    const value = provenances.get(text) ?? readStored(provenance, JSON.parse(text), `Run ${id}`)
    provenances.set(text, value)
    return value
  }

  const parseTags = (text: string): string[] => {
    const value = tagLists.get(text) ?? z.array(tag).parse(JSON.parse(text))
    tagLists.set(text, value)
    return value
  }

  return (row) => ({
    id: row.id,
    experimentId: row.experiment_id,
    pretrainRunId: row.pretrain_run_id,
    pretrainCheckpointId: row.pretrain_checkpoint_id,
    specification: parseSpecification(row.id, row.specification),
    state: readStored(runState, row.state, `Run ${row.id}`),
    error: row.error,
    step: row.step,
    environmentSteps: row.environment_steps,
    episodes: row.episodes,
    failures: row.failures,
    successes: row.successes,
    recentReturn: row.recent_return,
    stepsPerSecond: row.steps_per_second,
    trainedSeconds: row.trained_seconds,
    createdAt: row.created_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    provenance: row.provenance === null ? null : parseProvenance(row.id, row.provenance),
    note: row.note,
    tags: parseTags(row.tags),
    deletedAt: row.deleted_at,
  })
}
