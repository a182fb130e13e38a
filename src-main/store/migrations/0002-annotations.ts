/**
 * What users add to what was measured. A run or experiment with `deleted_at` is in the trash: nowhere shown, and gone for good when the lab
 * opens the next time.
 */
export const annotations = `
ALTER TABLE experiments ADD COLUMN note TEXT NOT NULL DEFAULT '';
ALTER TABLE experiments ADD COLUMN deleted_at INTEGER;
ALTER TABLE runs ADD COLUMN note TEXT NOT NULL DEFAULT '';
ALTER TABLE runs ADD COLUMN tags TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(tags));
ALTER TABLE runs ADD COLUMN deleted_at INTEGER;

CREATE TABLE run_events (
  id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  at INTEGER NOT NULL,
  step INTEGER NOT NULL,
  kind TEXT NOT NULL,
  text TEXT NOT NULL
) STRICT;
CREATE INDEX run_events_by_run ON run_events (run_id, id);

CREATE TABLE episode_marks (
  id INTEGER PRIMARY KEY,
  episode_id INTEGER NOT NULL REFERENCES episodes (id) ON DELETE CASCADE,
  frame INTEGER NOT NULL,
  label TEXT NOT NULL
) STRICT;
CREATE INDEX episode_marks_by_episode ON episode_marks (episode_id, frame);

-- All that failures are chosen and counted by, so that their rows are read for one page alone.
CREATE INDEX failures_by_facts ON episodes
  (run_id, episode_index, step, kind, cause, final_q_safe, warning_lead, length, return) WHERE outcome = 'failure';

CREATE TABLE saved_comparisons (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  view TEXT NOT NULL CHECK (json_valid(view))
) STRICT;

CREATE TABLE transfer_drafts (
  id INTEGER PRIMARY KEY,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  draft TEXT NOT NULL CHECK (json_valid(draft))
) STRICT;
`
