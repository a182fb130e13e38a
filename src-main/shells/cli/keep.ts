import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { restoreBackup } from '../../lab/backups.ts'
import { LabError } from '../../lab/errors.ts'
import { defaultLogFolder } from '../default-lab-folder.ts'
import { writeLogBundle } from '../log-bundle.ts'
import { withLab } from './lab-folder.ts'
import { formatBytes, note, report } from './output.ts'

/** Commands that carry labs and experiments from place to place. */
export interface KeepOptions {
  lab: string
  json: boolean
}

export function backUp(destination: string, options: KeepOptions): Promise<void> {
  return withLab(options.lab, { train: false, mustExist: true }, async (lab) => {
    const { file, bytes } = await lab.backups.backUp(destination, { signal: interrupted() })
    report(options.json, { file, bytes }, () => `${file}: ${formatBytes(bytes)}, read back and whole.`)
  })
}

export async function restore(file: string, options: KeepOptions): Promise<void> {
  await restoreBackup(file, options.lab)
  report(options.json, { folder: resolve(options.lab) }, () => `${resolve(options.lab)} is a lab again.`)
}

export function exportArchive(id: number, file: string, options: KeepOptions): Promise<void> {
  return withLab(options.lab, { train: false, mustExist: true }, async (lab) => {
    const { bytes } = await lab.archives.export(id, file, { signal: interrupted() })
    const path = resolve(file)
    report(options.json, { file: path, bytes }, () => `${path}: ${formatBytes(bytes)}, read back and whole.`)
  })
}

export function exportEpisode(episodeId: number, file: string, options: KeepOptions): Promise<void> {
  return withLab(options.lab, { train: false, mustExist: true }, async (lab) => {
    const { bytes } = await lab.keptEpisodes.export({ episodeId }, file)
    const path = resolve(file)
    report(options.json, { file: path, bytes }, () => `${path}: ${formatBytes(bytes)}, read back and whole.`)
  })
}

/** An experiment, or one episode: the file says which. */
export function importArchive(file: string, options: KeepOptions): Promise<void> {
  return withLab(options.lab, { train: false, mustExist: false }, async (lab) => {
    if (await lab.keptEpisodes.isEpisode(file)) {
      const episode = await lab.keptEpisodes.import(file)
      report(
        options.json,
        episode,
        () => `“${episode.name}” is kept in this lab; the app replays it at /replay?kept=${episode.id}.`,
      )
      return
    }
    const experiment = await lab.archives.import(file, { signal: interrupted() })
    report(options.json, experiment, () => `“${experiment.name}” is experiment ${experiment.id} of this lab.`)
  })
}

/** What helps to find a fault, without paths, names and tokens. */
export async function saveLogs(file: string, options: KeepOptions): Promise<void> {
  const path = resolve(file)
  if (existsSync(path))
    throw new LabError('CONFLICT', `There is a file ${path} already. Choose another name, or move it away.`)
  await writeLogBundle(path, { logFolder: defaultLogFolder(), labFolder: options.lab, incident: null })
  report(
    options.json,
    { file: path },
    () => `${path}: the logs and what the doctor found, without paths and tokens.`,
  )
}

/** Given with Ctrl-C: what was begun is given up and leaves nothing behind. */
export function interrupted(): AbortSignal {
  const control = new AbortController()
  process.once('SIGINT', () => {
    note('Cancelling…')
    control.abort()
  })
  return control.signal
}
