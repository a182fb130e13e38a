/**
 * Times are milliseconds since 1970. Blobs come last in their rows, so that reading the columns before them leaves their pages alone.
 */
export const firstTables = `
CREATE TABLE experiments (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  request TEXT NOT NULL CHECK (json_valid(request))
) STRICT;

CREATE TABLE runs (
  id INTEGER PRIMARY KEY,
  experiment_id INTEGER NOT NULL REFERENCES experiments (id) ON DELETE CASCADE,
  pretrain_run_id INTEGER REFERENCES runs (id),
  pretrain_checkpoint_id INTEGER REFERENCES checkpoints (id) ON DELETE SET NULL,
  specification TEXT NOT NULL CHECK (json_valid(specification)),
  method TEXT GENERATED ALWAYS AS (specification ->> '$.method') VIRTUAL,
  phase TEXT GENERATED ALWAYS AS (specification ->> '$.phase') VIRTUAL,
  seed INTEGER GENERATED ALWAYS AS (specification ->> '$.seed') VIRTUAL,
  state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'pausing', 'paused', 'stopping', 'stopped', 'interrupted', 'finished', 'failed')),
  error TEXT,
  error_detail TEXT,
  step INTEGER NOT NULL DEFAULT 0,
  environment_steps INTEGER NOT NULL DEFAULT 0,
  episodes INTEGER NOT NULL DEFAULT 0,
  failures INTEGER NOT NULL DEFAULT 0,
  successes INTEGER NOT NULL DEFAULT 0,
  recent_return REAL,
  steps_per_second REAL,
  trained_seconds REAL NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  ended_at INTEGER,
  provenance TEXT CHECK (provenance IS NULL OR json_valid(provenance))
) STRICT;
CREATE INDEX runs_by_experiment ON runs (experiment_id);
CREATE INDEX runs_by_pretrain_run ON runs (pretrain_run_id);
CREATE INDEX runs_by_pretrain_checkpoint ON runs (pretrain_checkpoint_id);
CREATE INDEX runs_by_state ON runs (state, id);

CREATE TABLE metric_names (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE metrics (
  run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  name_id INTEGER NOT NULL REFERENCES metric_names (id),
  step INTEGER NOT NULL,
  value REAL NOT NULL,
  PRIMARY KEY (run_id, name_id, step)
) STRICT, WITHOUT ROWID;

CREATE TABLE episodes (
  id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  episode_index INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('training', 'rollout', 'evaluation')),
  step INTEGER NOT NULL,
  return REAL NOT NULL,
  length INTEGER NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('success', 'failure', 'timeout')),
  cause TEXT,
  final_q_safe REAL,
  warning_lead INTEGER,
  UNIQUE (run_id, episode_index)
) STRICT;
CREATE INDEX failures_by_run ON episodes (run_id, episode_index) WHERE outcome = 'failure';

CREATE TABLE episode_frames (
  episode_id INTEGER PRIMARY KEY REFERENCES episodes (id) ON DELETE CASCADE,
  replaced_by INTEGER,
  bytes INTEGER NOT NULL,
  data BLOB NOT NULL
) STRICT;

CREATE TABLE checkpoints (
  id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  step INTEGER NOT NULL,
  episode_index INTEGER NOT NULL,
  environment_steps INTEGER NOT NULL,
  recent_return REAL,
  trained_seconds REAL NOT NULL,
  created_at INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  networks BLOB NOT NULL,
  UNIQUE (run_id, step)
) STRICT;

CREATE TABLE resume_data (
  run_id INTEGER PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
  checkpoint_id INTEGER NOT NULL UNIQUE REFERENCES checkpoints (id) ON DELETE CASCADE,
  bytes INTEGER NOT NULL,
  data BLOB NOT NULL
) STRICT;
`
