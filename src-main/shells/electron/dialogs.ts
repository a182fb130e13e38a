import { join, resolve } from 'node:path'
import { type App, dialog } from 'electron'
import type { FileKind } from '../../api/desk.ts'
import type { OpenLabHow } from '../../contract/files.ts'
import { restoreBackup } from '../../lab/backups.ts'
import type { Question } from './messages.ts'

const archives = { name: 'Experiments and episodes of SQRL Lab', extensions: ['sqrlx'] }
const reports = { name: 'Reports of SQRL Lab', extensions: ['html'] }
const bundles = { name: 'Figures and tables', extensions: ['zip'] }
const backups = { name: 'Backups of a lab', extensions: ['sqlite'] }

const filters = { archive: archives, backup: backups, report: reports, bundle: bundles } satisfies Record<
  FileKind,
  object
>

/** Asks where a file goes to or comes from; null where the user thought better of it. */
export async function askForFile(
  app: Pick<App, 'getPath'>,
  question: Exclude<Question, { about: 'lab' }>,
): Promise<string | null> {
  if (question.about === 'target') {
    const { filePath, canceled } = await dialog.showSaveDialog({
      defaultPath: join(app.getPath('documents'), question.name),
      filters: [filters[question.kind]],
    })
    return canceled || filePath === '' ? null : filePath
  }
  return openOne({ properties: ['openFile'], filters: [archives] })
}

/** Asks for the folder of a lab, makes it one where it is restored from a backup, and gives the folder. */
export async function askForLab(how: OpenLabHow): Promise<string | null> {
  if (how === 'open') return openOne({ title: 'Open a lab', properties: ['openDirectory'] })
  if (how === 'create')
    return openOne({ title: 'Folder of the new lab', properties: ['openDirectory', 'createDirectory'] })
  const file = await openOne({ title: 'Backup of a lab', properties: ['openFile'], filters: [backups] })
  if (file === null) return null
  const folder = await openOne({
    title: 'An empty folder for the lab of this backup',
    properties: ['openDirectory', 'createDirectory'],
  })
  if (folder === null) return null
  await restoreBackup(file, folder)
  return folder
}

async function openOne(options: Electron.OpenDialogOptions): Promise<string | null> {
  const { filePaths, canceled } = await dialog.showOpenDialog(options)
  const [path] = filePaths
  return canceled || path === undefined ? null : resolve(path)
}
