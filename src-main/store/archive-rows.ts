import type { Database } from 'better-sqlite3'

/** Rows of one run as an archive carries them: read here in pages, and written from a staged file in one go. */
export interface LineageRow {
  runId: number
  pretrainRunId: number | null
  pretrainStep: number | null
}

export interface StoredCheckpoint {
  id: number
  step: number
  episodeIndex: number
  environmentSteps: number
  recentReturn: number | null
  trainedSeconds: number
  createdAt: number
  bytes: number
}

export interface StoredMark {
  episodeIndex: number
  frame: number
  lastFrame: number | null
  label: string
}

const pageRows = 200

export type ArchiveRowStore = ReturnType<typeof archiveRowStore>

export function archiveRowStore(db: Database) {
  const lineage = db.prepare<{ experimentId: number }, LineageRow>(
    `SELECT runs.id AS runId, runs.pretrain_run_id AS pretrainRunId, checkpoints.step AS pretrainStep
     FROM runs LEFT JOIN checkpoints ON checkpoints.id = runs.pretrain_checkpoint_id
     WHERE runs.experiment_id = @experimentId AND runs.deleted_at IS NULL ORDER BY runs.id`,
  )
  const metricNames = db
    .prepare<{ runId: number }, string>(
      `SELECT name FROM metric_names WHERE EXISTS
         (SELECT 1 FROM metrics WHERE run_id = @runId AND name_id = metric_names.id) ORDER BY name`,
    )
    .pluck()
  const frames = db.prepare<{ runId: number; after: number }, { key: number; data: Buffer }>(
    `SELECT episode_index AS key, data FROM episode_frames JOIN episodes ON episodes.id = episode_frames.episode_id
     WHERE run_id = @runId AND episode_index > @after AND replaced_by IS NULL ORDER BY episode_index LIMIT ${pageRows}`,
  )
  const checkpoints = db.prepare<{ runId: number }, StoredCheckpoint>(
    `SELECT id, step, episode_index AS episodeIndex, environment_steps AS environmentSteps, recent_return AS recentReturn,
       trained_seconds AS trainedSeconds, created_at AS createdAt, bytes
     FROM checkpoints WHERE run_id = @runId ORDER BY step`,
  )
  const networks = db
    .prepare<{ id: number }, Buffer>('SELECT networks FROM checkpoints WHERE id = @id')
    .pluck()
  const marks = db.prepare<{ runId: number }, StoredMark>(
    `SELECT episode_index AS episodeIndex, frame, last_frame AS lastFrame, label FROM episode_marks
       JOIN episodes ON episodes.id = episode_marks.episode_id WHERE run_id = @runId ORDER BY episode_marks.id`,
  )
  const blobBytes = db
    .prepare<{ runId: number }, number>(
      `SELECT (SELECT total(bytes) FROM checkpoints WHERE run_id = @runId) + (SELECT total(episode_frames.bytes)
         FROM episode_frames JOIN episodes ON episodes.id = episode_frames.episode_id
         WHERE run_id = @runId AND replaced_by IS NULL)`,
    )
    .pluck()
  const twins = db.prepare<{ createdAt: number }, { id: number; request: string; deletedAt: number | null }>(
    'SELECT id, request, deleted_at AS deletedAt FROM experiments WHERE created_at = @createdAt ORDER BY id',
  )

  return {
    lineageOf: (experimentId: number): LineageRow[] => lineage.all({ experimentId }),
    metricNamesOf: (runId: number): string[] => metricNames.all({ runId }),
    /** The next few recorded frames after the episode with index `after`, packed as they are stored. */
    framesAfter: (runId: number, after: number) => frames.all({ runId, after }),
    checkpointsOf: (runId: number): StoredCheckpoint[] => checkpoints.all({ runId }),
    networksOf: (checkpointId: number): Buffer | null => networks.get({ id: checkpointId }) ?? null,
    marksOf: (runId: number): StoredMark[] => marks.all({ runId }),
    /** Stored bytes of frames and networks. */
    blobBytesOf: (runId: number): number => blobBytes.get({ runId }) ?? 0,
    /** Experiments that began in the same millisecond. */
    twinsOf: (createdAt: number) => twins.all({ createdAt }),
    takeStaged: (file: string, experimentId: () => number): number => takeStaged(db, file, experimentId),
  }
}

/**
 * Copies what was staged in `file` into the lab, all of it or nothing; `experimentId` makes the experiment that the runs are to belong to
 * and is called inside the transaction.
 */
function takeStaged(db: Database, file: string, makeExperiment: () => number): number {
  db.prepare('ATTACH @file AS staged').run({ file })
  try {
    return db
      .transaction(() => {
        const experimentId = makeExperiment()
        const keys = db
          .prepare<[], { key: number; pretrainKey: number | null }>(
            'SELECT key, pretrain_key AS pretrainKey FROM staged.runs ORDER BY key',
          )
          .all()
        db.exec(
          `INSERT INTO metric_names (name) SELECT DISTINCT name FROM staged.metrics
             WHERE name NOT IN (SELECT name FROM metric_names)`,
        )
        const ids = new Map(keys.map(({ key }) => [key, copyRun(db, key, experimentId)]))
        const link = db.prepare(
          `UPDATE runs SET pretrain_run_id = @pretrainId, pretrain_checkpoint_id = (SELECT id FROM checkpoints
             WHERE run_id = @pretrainId AND step = (SELECT pretrain_step FROM staged.runs WHERE key = @key))
           WHERE id = @id`,
        )
        for (const { key, pretrainKey } of keys)
          if (pretrainKey !== null) link.run({ key, id: ids.get(key), pretrainId: ids.get(pretrainKey) })
        return experimentId
      })
      .immediate()
  } finally {
    db.exec('DETACH staged')
  }
}

const runColumns = `specification, state, error, step, environment_steps, episodes, failures, successes, recent_return,
  trained_seconds, created_at, started_at, ended_at, provenance, note, tags`

function copyRun(db: Database, key: number, experimentId: number): number {
  const run = db
    .prepare<{ key: number; experimentId: number }, number>(
      `INSERT INTO runs (experiment_id, ${runColumns}) SELECT @experimentId, ${runColumns} FROM staged.runs WHERE key = @key
       RETURNING id`,
    )
    .pluck()
    .get({ key, experimentId })
  if (run === undefined) throw new Error(`Staged run ${key} was not inserted.`)
  const copies = [
    `INSERT INTO metrics (run_id, name_id, step, value)
       SELECT @run, metric_names.id, step, value FROM staged.metrics JOIN main.metric_names USING (name)
       WHERE key = @key ORDER BY metric_names.id, step`,
    `INSERT INTO evaluation_episodes (run_id, step, place, seed, return, length, outcome, cause, final_q_safe)
       SELECT @run, step, place, seed, return, length, outcome, cause, final_q_safe
       FROM staged.evaluations WHERE key = @key ORDER BY step, place`,
    `INSERT INTO episodes (run_id, episode_index, kind, step, return, length, outcome, cause, final_q_safe, warning_lead)
       SELECT @run, episode_index, kind, step, return, length, outcome, cause, final_q_safe, warning_lead
       FROM staged.episodes WHERE key = @key ORDER BY episode_index`,
    `INSERT INTO episode_frames (episode_id, bytes, data)
       SELECT episodes.id, length(data), data FROM staged.frames JOIN main.episodes
         ON episodes.run_id = @run AND episodes.episode_index = frames.episode_index WHERE key = @key`,
    `INSERT INTO episode_marks (episode_id, frame, last_frame, label)
       SELECT episodes.id, frame, last_frame, label FROM staged.marks JOIN main.episodes
         ON episodes.run_id = @run AND episodes.episode_index = marks.episode_index WHERE key = @key ORDER BY marks.rowid`,
    `INSERT INTO checkpoints (run_id, step, episode_index, environment_steps, recent_return, trained_seconds, created_at,
         bytes, networks)
       SELECT @run, step, episode_index, environment_steps, recent_return, trained_seconds, created_at, length(networks),
         networks FROM staged.checkpoints WHERE key = @key ORDER BY step`,
    `INSERT INTO run_events (run_id, at, step, kind, text)
       SELECT @run, at, step, kind, text FROM staged.events WHERE key = @key ORDER BY rowid`,
  ]
  for (const copy of copies) db.prepare(copy).run({ run, key })
  return run
}
