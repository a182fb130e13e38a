import { rmSync } from 'node:fs'

/** The tables of a staged import; `key` numbers the runs of the archive. Every check of the lab's own tables is made again there. */
const tables = `
CREATE TABLE runs (key INTEGER PRIMARY KEY, pretrain_key INTEGER, pretrain_step INTEGER, specification TEXT, state TEXT, error TEXT,
  step INTEGER, environment_steps INTEGER, episodes INTEGER, failures INTEGER, successes INTEGER, recent_return REAL,
  trained_seconds REAL, created_at INTEGER, started_at INTEGER, ended_at INTEGER, provenance TEXT, note TEXT, tags TEXT);
CREATE TABLE events (key INTEGER, at INTEGER, step INTEGER, kind TEXT, text TEXT);
CREATE TABLE metrics (key INTEGER, name TEXT, step INTEGER, value REAL, PRIMARY KEY (key, name, step)) WITHOUT ROWID;
CREATE TABLE evaluations (key INTEGER, step INTEGER, place INTEGER, seed INTEGER, return REAL, length INTEGER, outcome TEXT, cause TEXT,
  final_q_safe REAL, PRIMARY KEY (key, step, place));
CREATE TABLE episodes (key INTEGER, episode_index INTEGER, kind TEXT, step INTEGER, return REAL, length INTEGER, outcome TEXT,
  cause TEXT, final_q_safe REAL, warning_lead INTEGER, PRIMARY KEY (key, episode_index));
CREATE TABLE marks (key INTEGER, episode_index INTEGER, frame INTEGER, last_frame INTEGER CHECK (last_frame > frame), label TEXT);
CREATE TABLE frames (key INTEGER, episode_index INTEGER, data BLOB, PRIMARY KEY (key, episode_index));
CREATE TABLE checkpoints (key INTEGER, step INTEGER, episode_index INTEGER, environment_steps INTEGER, recent_return REAL,
  trained_seconds REAL, created_at INTEGER, networks BLOB, PRIMARY KEY (key, step));
`

type Value = string | number | null | Uint8Array
type Row = Readonly<Record<string, Value>>

export interface Staging extends Disposable {
  readonly file: string
  insert(table: string, row: Row): void
  /** Fills in what comes later; returns how many rows were changed. */
  setNetworks(key: number, step: number, networks: Uint8Array): number
  /** True if the episode is there. */
  hasEpisode(key: number, index: number): boolean
  checkpointsWithoutNetworks(): number
  /** Makes what was inserted readable for the lab. */
  finish(): void
}

/** A database of its own beside the lab's, in which an import is put together before the lab learns of it. */
export async function openStaging(file: string): Promise<Staging> {
  const { default: Sqlite } = await import('better-sqlite3')
  rmSync(file, { force: true })
  const db = new Sqlite(file)
  // If anything goes wrong the file is thrown away, so it needs no safety of its own.
  db.pragma('journal_mode = OFF')
  db.pragma('synchronous = OFF')
  db.exec(tables)
  db.exec('BEGIN')
  const statements = new Map<string, ReturnType<typeof db.prepare>>()
  const networks = db.prepare('UPDATE checkpoints SET networks = @networks WHERE key = @key AND step = @step')
  const episode = db
    .prepare<{ key: number; index: number }, number>(
      'SELECT count(*) FROM episodes WHERE key = @key AND episode_index = @index',
    )
    .pluck()
  const unfilled = db.prepare<[], number>('SELECT count(*) FROM checkpoints WHERE networks IS NULL').pluck()

  const statement = (table: string, columns: readonly string[]) => {
    const name = `${table} ${columns.join(' ')}`
    const known = statements.get(name)
    if (known !== undefined) return known
    const values = columns.map((column) => `@${column}`).join(', ')
    const prepared = db.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${values})`)
    statements.set(name, prepared)
    return prepared
  }

  return {
    file,
    insert(table, row) {
      statement(table, Object.keys(row)).run(row)
    },
    setNetworks: (key, step, data) => networks.run({ key, step, networks: data }).changes,
    hasEpisode: (key, index) => (episode.get({ key, index }) ?? 0) > 0,
    checkpointsWithoutNetworks: () => unfilled.get() ?? 0,
    finish() {
      db.exec('COMMIT')
      db.close()
    },
    [Symbol.dispose]() {
      if (db.open) db.close()
      rmSync(file, { force: true })
    },
  }
}
