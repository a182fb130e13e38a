import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openLog } from '../../src-main/shells/log.ts'
import { writeLogBundle } from '../../src-main/shells/log-bundle.ts'
import { redact } from '../../src-main/shells/redact.ts'
import { unzip } from '../lab/archive-fixtures.ts'
import { temporaryFolder } from '../store/fixtures.ts'

const person = { home: '/home/ada.lovelace', user: 'ada.lovelace', host: 'analytical-engine' }
const token = 'Zq3_f8-Kx0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uVw'

describe('redact()', () => {
  const hostile = [
    `GET http://127.0.0.1:8080/?token=${token} failed`,
    `cookie: sqrl-lab-8080=${token}; theme=dark`,
    `Authorization: Bearer ${token}`,
    `{"session":"${token}","file":"/home/ada.lovelace/secret plans/lab.sqlite"}`,
    'Error: ENOENT /home/ada.lovelace/thesis/lab.sqlite',
    'at open (/home/ada.lovelace/app/out/main/lab.js:12:3)',
    'at file:///home/ada.lovelace/app/out/main/lab.js:12:3',
    'opened "/media/ada.lovelace/My Disk/private/lab"',
    'C:\\Users\\ada.lovelace\\AppData\\lab.sqlite is locked',
    '\\\\fileserver\\ada.lovelace\\labs\\one',
    'https://ada:hunter2@example.org/path',
    'mail from ada.lovelace on analytical-engine',
    `password=hunter2, api_key: "hunter2"`,
    `sum ${'ab'.repeat(32)}`,
  ]
  const secrets = [
    token,
    'ada.lovelace',
    'hunter2',
    'analytical-engine',
    'secret plans',
    'thesis',
    'My Disk',
    'private',
    'ab'.repeat(32),
  ]

  it.each(hostile)('takes what it should from: %s', (line) => {
    const clean = redact(line, person)
    for (const secret of secrets) expect(clean).not.toContain(secret)
  })

  it('leaves what helps to find a fault', () => {
    expect(redact('Error: ENOENT /home/ada.lovelace/thesis/lab.sqlite', person)).toBe(
      'Error: ENOENT <path>/lab.sqlite',
    )
    expect(redact('Run 3 gave up at step 1/2: loss is NaN', person)).toBe(
      'Run 3 gave up at step 1/2: loss is NaN',
    )
    expect(redact('at open (/home/ada.lovelace/app/out/main/lab.js:12:3)', person)).toContain('lab.js:12:3')
    expect(redact('SQLITE_BUSY: the database is locked and/or gone', person)).toBe(
      'SQLITE_BUSY: the database is locked and/or gone',
    )
  })

  it('finds a path and a token wherever they stand', () => {
    const filler = fc.string({ maxLength: 30 }).map((text) => text.replaceAll(/[\w./\\-]/g, ''))
    fc.assert(
      fc.property(filler, filler, (before, after) => {
        const clean = redact(`${before} /home/ada.lovelace/x/lab ${after} ${token} ${before}`, person)
        expect(clean).not.toContain('ada.lovelace')
        expect(clean).not.toContain(token)
      }),
    )
  })
})

describe('openLog()', () => {
  it('starts a new file when one is full, and keeps the last few', () => {
    using folder = temporaryFolder()
    const log = openLog(folder.path, 'main', { maximumBytes: 1000 })
    for (let line = 0; line < 200; line++) log('error', 'line', { line }, new Error('because').message)
    expect(readdirSync(folder.path).sort()).toEqual(['main.1.log', 'main.2.log', 'main.3.log', 'main.log'])
    for (const name of readdirSync(folder.path))
      expect(statSync(join(folder.path, name)).size).toBeLessThan(1200)
    expect(readFileSync(join(folder.path, 'main.log'), 'utf8')).toContain('{ line: 199 } because')
  })

  it('says nothing where it cannot write', () => {
    using folder = temporaryFolder()
    writeFileSync(join(folder.path, 'file'), '')
    expect(() => openLog(join(folder.path, 'file'), 'main')('error', 'x')).not.toThrow()
  })
})

describe('writeLogBundle()', () => {
  it('holds the logs, the machine and the incident, without paths and tokens', async () => {
    using folder = temporaryFolder()
    const log = openLog(join(folder.path, 'logs'), 'lab')
    log('error', `The lab ${folder.path}/private/lab cannot be opened, token=${token}`)
    const file = join(folder.path, 'bundle.zip')
    await writeLogBundle(file, {
      logFolder: join(folder.path, 'logs'),
      labFolder: folder.path,
      incident: `It fell over in ${folder.path}/private/lab`,
      describeMachine: async (lab) => `Disk of ${lab}/private/lab: 3 GiB free`,
    })
    const entries = await unzip(file)
    expect(entries.map(({ name }) => name)).toEqual(['about.txt', 'machine.txt', 'logs/lab.log'])
    const all = entries.map(({ content }) => content.toString()).join('\n')
    expect(all).toContain('It fell over in <path>/lab')
    expect(all).toContain('3 GiB free')
    for (const secret of [token, folder.path, 'private']) expect(all).not.toContain(secret)
  })
})
