/**
 * Episodes that are no part of a run's training: those that came in a file, whole as the file had them, and those that a run played now and then
 * to be measured by.
 */
export const episodesApart = `
CREATE TABLE kept_episodes (
  id INTEGER PRIMARY KEY,
  created_at INTEGER NOT NULL,
  name TEXT NOT NULL,
  sha256 TEXT NOT NULL UNIQUE,
  bytes INTEGER NOT NULL,
  data BLOB NOT NULL
) STRICT;

CREATE TABLE evaluation_episodes (
  run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  step INTEGER NOT NULL,
  place INTEGER NOT NULL,
  seed INTEGER NOT NULL,
  return REAL NOT NULL,
  length INTEGER NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('success', 'failure', 'timeout')),
  cause TEXT,
  final_q_safe REAL,
  PRIMARY KEY (run_id, step, place)
) STRICT, WITHOUT ROWID;
`
