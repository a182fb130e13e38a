import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Database } from 'better-sqlite3'
import { LabError, toLabError } from './errors.ts'

/** Pages of 4 KiB copied between two looks at what else is to do: some milliseconds each. */
const pagesAtOnce = 400

export interface CopyOptions {
  /** Called with shares from 0 to 1. */
  onProgress?: (share: number) => void
  signal?: AbortSignal
}

/**
 * Copies the open database to `file`, as it is at the end of the copying: what is written meanwhile goes into it too. The copy lies beside
 * `file` until it is whole, checked and on the disk, so a name without `.partial` is always a good backup, whatever dies on the way.
 */
export async function backUp(db: Database, file: string, options: CopyOptions = {}): Promise<number> {
  const partial = `${file}.partial`
  try {
    rmSync(partial, { force: true })
    await copyPages(db, partial, options)
    await checkCopy(partial, options.signal)
    flush(partial)
    renameSync(partial, file)
    flush(dirname(file))
    return statSync(file).size
  } catch (error) {
    for (const rest of [partial, `${partial}-journal`]) rmSync(rest, { force: true })
    throw toBackupError(error, file)
  }
}

async function copyPages(db: Database, partial: string, { onProgress, signal }: CopyOptions): Promise<void> {
  let stopped = false
  await db
    .backup(partial, {
      progress({ totalPages, remainingPages }) {
        // The copying is given up by throwing, which the library hands on.
        if (signal?.aborted) {
          stopped = true
          throw new LabError('CONFLICT', 'The backup was cancelled.')
        }
        if (totalPages > 0) onProgress?.(1 - remainingPages / totalPages)
        return pagesAtOnce
      },
    })
    .catch((error: unknown) => {
      throw stopped ? new LabError('CONFLICT', 'The backup was cancelled.') : error
    })
}

/** Reads the whole copy back, table by table, so that nothing else waits for longer than one table takes. */
async function checkCopy(partial: string, signal: AbortSignal | undefined): Promise<void> {
  // Loaded late: on an old Node the binding ends the process, and the store has looked by then.
  const { default: Sqlite } = await import('better-sqlite3')
  const copy = new Sqlite(partial)
  try {
    // Without a log of its own a backup is one file, to be moved and copied as one.
    copy.pragma('journal_mode = DELETE')
    const tables = copy
      .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'")
      .pluck()
      .all()
    for (const table of tables) {
      if (signal?.aborted) throw new LabError('CONFLICT', 'The backup was cancelled.')
      const found = copy.pragma(`integrity_check("${table}")`, { simple: true })
      if (found !== 'ok')
        throw new LabError('STORAGE', `The backup does not read back as written (${table}: ${found}).`)
      await nextTurn()
    }
    const orphans = copy.pragma('foreign_key_check')
    if (Array.isArray(orphans) && orphans.length > 0)
      throw new LabError('STORAGE', 'The backup has rows that belong to nothing. Check the disk.')
  } finally {
    copy.close()
  }
}

function flush(path: string): void {
  // Folders cannot be opened on Windows, where a rename is on the disk when it returns.
  if (process.platform === 'win32' && statSync(path).isDirectory()) return
  const descriptor = openSync(path, statSync(path).isDirectory() ? 'r' : 'r+')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

function toBackupError(error: unknown, file: string): unknown {
  const known = toLabError(error, dirname(file))
  if (!(known instanceof LabError) || error instanceof LabError) return known
  return new LabError(known.code, `The backup ${file} was not written. ${known.message}`, { cause: error })
}
