import Sqlite from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { migrate, migrations, userVersion } from '../../src-main/store/migrations/index.ts'
import { createStore } from '../../src-main/store/store.ts'
import { insertRun } from './fixtures.ts'

describe('migrations', () => {
  it('lead from nothing to tables the store works with', () => {
    const db = new Sqlite(':memory:')
    migrate(db, '/lab')
    expect(userVersion(db)).toBe(migrations.length)
    expect(insertRun(createStore(db, '/lab'))).toBe(1)
    expect(db.pragma('foreign_key_check')).toEqual([])
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
  })

  it('are not run twice', () => {
    const db = new Sqlite(':memory:')
    migrate(db, '/lab')
    const runId = insertRun(createStore(db, '/lab'))
    migrate(db, '/lab')
    expect(createStore(db, '/lab').runs.get(runId)).not.toBeNull()
  })

  it('are each whole or not at all', () => {
    const db = new Sqlite(':memory:')
    db.exec('CREATE TABLE resume_data (id INTEGER)')
    expect(() => migrate(db, '/lab')).toThrow('already exists')
    expect(userVersion(db)).toBe(0)
    expect(db.prepare<[], string>('SELECT name FROM sqlite_schema').pluck().all()).toEqual(['resume_data'])
  })

  it('make every table strict', () => {
    const db = new Sqlite(':memory:')
    migrate(db, '/lab')
    const loose = db.prepare<[], string>(
      "SELECT name FROM pragma_table_list WHERE schema = 'main' AND strict = 0 AND name NOT LIKE 'sqlite_%'",
    )
    expect(loose.pluck().all()).toEqual([])
  })
})
