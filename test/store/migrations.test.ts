import Sqlite from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { migrate, migrations, userVersion } from '../../src-main/store/migrations/index.ts'
import { createStore } from '../../src-main/store/store.ts'
import { insertRun, specification } from './fixtures.ts'

const request = { environment: 'drunk-spider', methods: ['sqrl'], seeds: [5] }

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

  it('keep the experiments and runs of a lab without notes', () => {
    const db = new Sqlite(':memory:')
    db.pragma('foreign_keys = ON')
    migrate(db, '/lab', 1)
    db.exec(`
      INSERT INTO experiments VALUES (3, 'an old one', 1, '${JSON.stringify(request)}');
      INSERT INTO runs (id, experiment_id, specification, state, created_at, step)
        VALUES (7, 3, '${JSON.stringify(specification({ seed: 5 }))}', 'paused', 2, 40);
      INSERT INTO runs (id, experiment_id, pretrain_run_id, specification, state, created_at)
        VALUES (9, 3, 7, '${JSON.stringify(specification({ phase: 'finetune' }))}', 'queued', 2);
      INSERT INTO episodes (id, run_id, episode_index, kind, step, return, length, outcome)
        VALUES (11, 7, 0, 'training', 30, -1.5, 30, 'failure');
    `)
    migrate(db, '/lab')
    const store = createStore(db, '/lab')
    expect(store.experiments.get(3)).toMatchObject({ name: 'an old one', note: '' })
    expect(store.runs.list()).toMatchObject([
      { id: 7, state: 'paused', step: 40, specification: { seed: 5 }, note: '', tags: [], deletedAt: null },
      { id: 9, pretrainRunId: 7, state: 'queued' },
    ])
    expect(store.failures.get(11)).toMatchObject({ runId: 7, return: -1.5 })
    expect(store.events.listOfRun(7)).toEqual([])
    expect(db.pragma('foreign_key_check')).toEqual([])
  })

  it('keep the marks of a lab that knew no stretches', () => {
    const db = new Sqlite(':memory:')
    db.pragma('foreign_keys = ON')
    migrate(db, '/lab', 3)
    db.exec(`
      INSERT INTO experiments (id, name, created_at, request) VALUES (3, 'an old one', 1, '${JSON.stringify(request)}');
      INSERT INTO runs (id, experiment_id, specification, state, created_at)
        VALUES (7, 3, '${JSON.stringify(specification({ seed: 5 }))}', 'finished', 2);
      INSERT INTO episodes (id, run_id, episode_index, kind, step, return, length, outcome)
        VALUES (11, 7, 0, 'training', 30, -1.5, 30, 'failure');
      INSERT INTO episode_marks VALUES (2, 11, 7, 'turns away');
    `)
    migrate(db, '/lab')
    const { marks } = createStore(db, '/lab')
    expect(marks.listOfEpisode(11)).toEqual([
      { id: 2, episodeId: 11, frame: 7, lastFrame: null, label: 'turns away' },
    ])
    const stretch = { episodeId: 11, frame: 3, lastFrame: 9, label: 'strays' }
    expect(marks.insert(stretch)).toMatchObject(stretch)
    expect(() => marks.insert({ ...stretch, lastFrame: 2 })).toThrow('CHECK constraint failed')
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
