import { resolve } from 'node:path'
import type { ReportRequest } from '../../contract/reports.ts'
import { withLab } from './lab-folder.ts'
import { formatBytes, report } from './output.ts'
import type { ReadOptions } from './read.ts'

export const reportExperiment = (id: number, file: string | undefined, options: ReadOptions): Promise<void> =>
  write({ about: 'experiment', id }, file ?? `experiment-${id}.html`, options)

export const reportRuns = (
  runIds: number[],
  { groupBy, title, probe }: { groupBy: string[]; title?: string; probe?: number },
  file: string | undefined,
  options: ReadOptions,
): Promise<void> =>
  write(
    { about: 'runs', runIds, groupBy, title: title ?? null, probeEpisodes: probe ?? null },
    file ?? 'report.html',
    options,
  )

function write(request: ReportRequest, file: string, { lab: folder, json }: ReadOptions): Promise<void> {
  return withLab(folder, { train: false, mustExist: true }, async (lab) => {
    const { bytes } = await lab.reports.write(request, file)
    const path = resolve(file)
    report(json, { file: path, bytes }, () => `${path}: ${formatBytes(bytes)}. Open it in a browser.`)
  })
}
