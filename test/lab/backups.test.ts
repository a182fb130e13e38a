import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, it } from 'vitest'
import { backupName, restoreBackup } from '../../src-main/lab/backups.ts'
import { openLab } from '../../src-main/lab/lab.ts'
import { temporaryFolder } from '../store/fixtures.ts'

const open = (folder: string) => openLab(folder, { train: false })

it('names a backup after the lab and the minute, and never writes over a file', async () => {
  using folder = temporaryFolder()
  const lab = await open(join(folder.path, 'my lab'))
  expect(backupName(lab.folder, new Date(2026, 2, 4, 5, 6))).toBe('my lab 2026-03-04 0506.sqlite')
  const { file, bytes } = await lab.backups.backUp(folder.path)
  expect(basename(file)).toMatch(/^my lab .*\.sqlite$/)
  expect(bytes).toBeGreaterThan(1000)
  await expect(lab.backups.backUp(file)).rejects.toThrow('already')
  await expect(lab.backups.backUp(join(folder.path, 'nowhere', 'a.sqlite'))).rejects.toThrow(
    'There is no folder',
  )
  await lab.close()
})

it('gives a lab back from a backup, and only where none is', async () => {
  using folder = temporaryFolder()
  const lab = await open(join(folder.path, 'lab'))
  const { file } = await lab.backups.backUp(join(folder.path, 'kept.sqlite'))
  await lab.close()
  await expect(restoreBackup(file, join(folder.path, 'lab'))).rejects.toThrow('already')
  await restoreBackup(file, join(folder.path, 'again'))
  const again = await open(join(folder.path, 'again'))
  expect(again.runs.list()).toEqual([])
  await again.close()
})

it('makes no lab of something else', async () => {
  using folder = temporaryFolder()
  const file = join(folder.path, 'letter.sqlite')
  writeFileSync(file, 'Dear Sir or Madam')
  await expect(restoreBackup(file, join(folder.path, 'lab'))).rejects.toThrow('not a backup')
  writeFileSync(file, `SQLite format 3\0${'x'.repeat(5000)}`)
  mkdirSync(join(folder.path, 'lab'))
  await expect(restoreBackup(file, join(folder.path, 'lab'))).rejects.toThrow()
  expect(readdirSync(join(folder.path, 'lab')).filter((name) => name.startsWith('lab.sqlite'))).toEqual([])
})
