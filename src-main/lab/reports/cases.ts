import { z } from 'zod'
import { type ReportRequest, reportRequest } from '../../contract/reports.ts'
import type { comparisonCases } from '../comparisons/cases.ts'
import type { LabContext } from '../context.ts'
import { LabError } from '../errors.ts'
import { writeWhole } from '../write-whole.ts'
import { reportDocument } from './document.ts'
import { gatherReport, type Report } from './gather.ts'

/** Results as one file that a browser opens without a server, a network or a script. */
export function reportCases(
  { store, supervisor }: Pick<LabContext, 'store' | 'supervisor'>,
  comparisons: ReturnType<typeof comparisonCases>,
) {
  const find = (id: number) => {
    const run = store.runs.get(id)
    return run === null ? null : supervisor.overlay(run)
  }
  const gather = (input: ReportRequest): Promise<Report> => {
    const request = reportRequest.safeParse(input)
    if (!request.success) throw new LabError('INVALID', z.prettifyError(request.error))
    return gatherReport({ store, find, comparisons }, request.data)
  }
  const make = async (request: ReportRequest): Promise<string> => reportDocument(await gather(request))
  return {
    gather,
    make,
    /** A name that every file system takes. */
    fileName(request: ReportRequest): string {
      const title =
        request.about === 'experiment'
          ? (store.experiments.get(request.id)?.name ?? '')
          : (request.title ?? 'comparison')
      const letters = title
        .normalize('NFKD')
        .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
        .replaceAll(/^-+|-+$/g, '')
      return `${[...letters].slice(0, 60).join('') || 'report'}.html`
    },
    write: async (request: ReportRequest, file: string): Promise<{ bytes: number }> =>
      writeWhole(file, Buffer.from(await make(request))),
  }
}
