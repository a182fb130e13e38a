import type { FileProgress } from '../contract/files.ts'
import { archiveName } from '../lab/archives.ts'
import { backupName } from '../lab/backups.ts'
import type { Lab } from '../lab/lab.ts'
import type { CopyOptions } from '../store/backup.ts'
import { base, guardStream } from './base.ts'
import type { Desk, FileKind } from './desk.ts'
import { reporting } from './reporting.ts'

export const fileRoutes = (lab: Lab, desk: Desk) => ({
  backUp: base.files.backUp.handler(({ signal }) =>
    guardStream(
      written(desk, 'backup', backupName(lab.folder), signal, (file, options) =>
        lab.backups.backUp(file, options),
      ),
      'files.backUp',
    ),
  ),
  exportExperiment: base.files.exportExperiment.handler(({ input, signal }) =>
    guardStream(
      written(desk, 'archive', archiveName(lab.experiments.get(input.id).name), signal, (file, options) =>
        lab.archives.export(input.id, file, options),
      ),
      'files.exportExperiment',
    ),
  ),
  exportEpisode: base.files.exportEpisode.handler(async ({ input, signal }) => {
    const name = await lab.keptEpisodes.fileName(input)
    return guardStream(
      written(desk, 'archive', name, signal, (file) => lab.keptEpisodes.export(input, file)),
      'files.exportEpisode',
    )
  }),
  exportReport: base.files.exportReport.handler(({ input, signal }) =>
    guardStream(
      written(desk, 'report', lab.reports.fileName(input), signal, (file) => lab.reports.write(input, file)),
      'files.exportReport',
    ),
  ),
  exportReproduction: base.files.exportReproduction.handler(({ input, signal }) =>
    guardStream(
      written(desk, 'bundle', 'reproduction.zip', signal, (file, options) =>
        lab.reproductions.pack(input, file, options.signal),
      ),
      'files.exportReproduction',
    ),
  ),
  importExperiment: base.files.importExperiment.handler(({ input, signal }) =>
    guardStream(
      reporting<FileProgress>(signal, async (report, cancelled) => {
        const source = await desk.chooseSource(input.ticket)
        if (source === null) return report({ type: 'left' })
        try {
          const options = copyOptions(report, cancelled)
          if (await lab.keptEpisodes.isEpisode(source.file))
            report({ type: 'importedEpisode', episode: await lab.keptEpisodes.import(source.file) })
          else report({ type: 'imported', experiment: await lab.archives.import(source.file, options) })
        } finally {
          source.release()
        }
      }),
      'files.importExperiment',
    ),
  ),
  compact: base.files.compact.handler(({ signal }) =>
    guardStream(
      reporting<{ share: number }>(signal, async (report, cancelled) => {
        for await (const share of lab.backups.compact(cancelled)) report({ share })
      }),
      'files.compact',
    ),
  ),
})

/** Lets the user choose where to, and then writes. */
function written(
  desk: Desk,
  kind: FileKind,
  name: string,
  signal: AbortSignal | undefined,
  write: (file: string, options: CopyOptions) => Promise<{ bytes: number }>,
) {
  return reporting<FileProgress>(signal, async (report, cancelled) => {
    const target = await desk.chooseTarget(kind, name)
    if (target === null) return report({ type: 'left' })
    const { bytes } = await write(target.file, copyOptions(report, cancelled))
    report({ type: 'written', name, bytes, ticket: target.finish() })
  })
}

function copyOptions(report: (progress: FileProgress) => void, signal: AbortSignal): CopyOptions {
  return { signal, onProgress: (share) => report({ type: 'progress', share }) }
}
