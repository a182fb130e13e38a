import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Database } from 'better-sqlite3'
import { LabError, toLabError } from './errors.ts'
import { migrate, userVersion } from './migrations/index.ts'
import { createStore, type Store } from './store.ts'

/** First release in which a checkpoint cannot lose what another connection resets in the write-ahead log. */
const oldestSqlite = '3.51.3'

/** ASCII "SQRL": says that a database is a lab. */
const applicationId = 0x53_51_52_4c

/**
 * Opens the lab in `folder`, which is made if it is not there. Until it is closed no other process can open it.
 *
 * While it is open, nothing in this process may open `lab.sqlite` by other means, not even to read: closing any
 * descriptor of a file gives up the process's POSIX locks on it.
 */
export async function openStore(folder: string): Promise<Store> {
  const path = resolve(folder)
  const Sqlite = await loadSqlite()
  let db: Database | null = null
  try {
    mkdirSync(path, { recursive: true })
    db = new Sqlite(`${path}/lab.sqlite`, { timeout: 250 })
    prepare(db, path)
    return createStore(db, path)
  } catch (error) {
    db?.close()
    throw toLabError(error, path)
  }
}

function prepare(db: Database, folder: string): void {
  db.pragma('locking_mode = EXCLUSIVE')
  db.pragma('foreign_keys = ON')
  refuseStrangers(db, folder)
  // Space of dropped replay buffers can be given back when the lab closes; only possible before the first table.
  if (userVersion(db) === 0) db.pragma('auto_vacuum = INCREMENTAL')
  // A newer lab must be refused before anything is written.
  migrate(db, folder, 0)
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  // Bytes: the log is cut back to this after a large checkpoint went through it.
  db.pragma('journal_size_limit = 67108864')
  migrate(db, folder)
  db.pragma(`application_id = ${applicationId}`)
  // Takes the exclusive lock now, so that a second opener is refused from here on.
  db.exec('BEGIN EXCLUSIVE; COMMIT')
}

function refuseStrangers(db: Database, folder: string): void {
  const id = Number(db.pragma('application_id', { simple: true }))
  const tables = db.prepare<[], number>('SELECT count(*) FROM sqlite_schema').pluck().get()
  if (id === applicationId || (id === 0 && (tables === 0 || userVersion(db) > 0))) return
  throw new LabError(
    'STORAGE',
    `The file lab.sqlite in ${folder} is not a lab but another program's database. Choose another folder.`,
  )
}

async function loadSqlite() {
  const major = Number(process.versions.node.split('.')[0])
  // The binding crashes the process on older versions, so it must not even be loaded there.
  if (major < 22) {
    throw new LabError(
      'STORAGE',
      `SQRL Lab needs Node 22 or newer and this is Node ${process.versions.node}. Start it with npm start or npm run lab, which bring their own.`,
    )
  }
  const { default: Sqlite } = await import('better-sqlite3')
  const version = readVersion(new Sqlite(':memory:'))
  if (compareVersions(version, oldestSqlite) < 0) {
    throw new LabError(
      'STORAGE',
      `SQRL Lab needs SQLite ${oldestSqlite} or newer and found ${version}. Run npm run setup again.`,
    )
  }
  return Sqlite
}

function readVersion(db: Database): string {
  const version = db.prepare<[], string>('SELECT sqlite_version()').pluck().get()
  db.close()
  return version ?? '0'
}

export function compareVersions(a: string, b: string): number {
  const parts = (version: string) => version.split('.').map(Number)
  const [left, right] = [parts(a), parts(b)]
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
