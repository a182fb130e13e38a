import { statSync } from 'node:fs'
import type { Database } from 'better-sqlite3'

export interface FileSizes {
  fileBytes: number
  /** The write-ahead log beside the file. */
  logBytes: number
}

/** Bytes; what is not named is metrics, episodes and indexes. */
export interface DatabaseSizes extends FileSizes {
  /** Inside the file, ready to be used again. */
  freeBytes: number
  networkBytes: number
  resumeBytes: number
  frameBytes: number
}

export type SizeStore = ReturnType<typeof sizeStore>

export function sizeStore(db: Database) {
  const sum = (table: string) => db.prepare<[], number>(`SELECT total(bytes) FROM ${table}`).pluck()
  const networks = sum('checkpoints')
  const resume = sum('resume_data')
  const frames = sum('episode_frames')
  const pragma = (name: string) => Number(db.pragma(name, { simple: true }))

  const files = (): FileSizes => ({
    fileBytes: pragma('page_count') * pragma('page_size'),
    logBytes: statSync(`${db.name}-wal`, { throwIfNoEntry: false })?.size ?? 0,
  })

  return {
    files,
    all: (): DatabaseSizes => ({
      ...files(),
      freeBytes: pragma('freelist_count') * pragma('page_size'),
      networkBytes: networks.get() ?? 0,
      resumeBytes: resume.get() ?? 0,
      frameBytes: frames.get() ?? 0,
    }),
  }
}
