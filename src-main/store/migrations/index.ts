import type { Database } from 'better-sqlite3'
import { LabError } from '../errors.ts'
import { firstTables } from './0001-first-tables.ts'
import { annotations } from './0002-annotations.ts'
import { episodesApart } from './0003-episodes-apart.ts'
import { labSettings } from './0004-lab-settings.ts'
import { ranges } from './0005-ranges.ts'

/** `user_version` n means that the first n of these have run. Released ones are never edited: append. */
export const migrations: readonly string[] = [firstTables, annotations, episodesApart, labSettings, ranges]

/** Brings the database to `upTo`, each migration whole or not at all. */
export function migrate(db: Database, folder: string, upTo = migrations.length): void {
  const version = userVersion(db)
  if (version > migrations.length) {
    throw new LabError(
      'STORAGE',
      `The lab ${folder} was written by a newer version of SQRL Lab (its format is ${version}, this one reads up to ${migrations.length}). Update SQRL Lab; nothing was changed.`,
    )
  }
  for (const [offset, sql] of migrations.slice(version, upTo).entries()) {
    db.transaction(() => {
      db.exec(sql)
      db.pragma(`user_version = ${version + offset + 1}`)
    }).immediate()
  }
}

export function userVersion(db: Database): number {
  return Number(db.pragma('user_version', { simple: true }))
}
