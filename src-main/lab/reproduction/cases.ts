import type {
  ReproductionChoice,
  ReproductionProgress,
  ReproductionQuery,
  ReproductionStanding,
} from '../../contract/reproductions.ts'
import { environmentName } from '../../contract/transfer.ts'
import { zipFiles } from '../checkpoint-export.ts'
import type { checkpointCases } from '../checkpoints.ts'
import type { comparisonCases } from '../comparisons/cases.ts'
import type { LabContext } from '../context.ts'
import { freeBytesOf } from '../disk-space.ts'
import type { experimentCases } from '../experiments.ts'
import { watching } from '../feed.ts'
import { withPngs } from '../figure-png.ts'
import { writeWhole } from '../write-whole.ts'
import { figureNames, figures } from './claims.ts'
import { playedOnce } from './final-policies.ts'
import { followRequests } from './following.ts'
import { measureArms } from './measurement.ts'
import { pendingOf } from './pending.ts'
import { type Finding, reportPart, reportText } from './report.ts'
import { parseTargets, type ReproductionRequest } from './request.ts'
import { targetsOf } from './runs.ts'
import { requestOf, shownFinding } from './shown.ts'
import { advance, type Standing, standingOf } from './training.ts'
import { rulesInWords } from './verdicts.ts'
import { walkRisks } from './walk-risks.ts'
import { walk } from './walks.ts'

export interface Reproduction {
  findings: Finding[]
  /** By name: figures as SVG, tables as CSV and Markdown, and `report.md`. */
  files: Record<string, string>
}

/** The paper's figures from the lab's own runs. */
export function reproductionCases(
  context: LabContext,
  experiments: Pick<ReturnType<typeof experimentCases>, 'start'>,
  comparisons: Pick<ReturnType<typeof comparisonCases>, 'curves' | 'statistics'>,
  checkpoints: Pick<ReturnType<typeof checkpointCases>, 'list' | 'bundle'>,
) {
  const { store, supervisor, closing } = context
  const played = { walks: playedOnce(checkpoints, walk), risks: playedOnce(checkpoints, walkRisks) }
  const start = (
    request: ReproductionRequest,
    resumed: Set<number>,
    resume: (id: number) => void,
  ): Standing => advance(store, request, { start: experiments.start, resume }, resumed)
  const followed = followRequests(context, (request) => start(request, new Set(), () => {}))

  /** One figure on one target after the other. */
  async function* parts(request: ReproductionRequest, signal?: AbortSignal) {
    const wanted = request.figures.flatMap((figure) =>
      targetsOf(request, figure).map((target) => ({ figure, target })),
    )
    for (const [index, { figure, target }] of wanted.entries()) {
      if (signal?.aborted) return
      const arms = await measureArms(store, comparisons, request, figure, target, played)
      yield { done: index + 1, total: wanted.length, arms, part: reportPart(request, figure, target, arms) }
    }
  }

  const inWindow = (query: ReproductionQuery): ReproductionStanding => {
    const request = requestOf(query)
    return {
      ...pendingOf(store, request, supervisor.slots),
      slots: supervisor.slots,
      freeBytes: freeBytesOf(store.folder),
      isGoingOn: followed.has(query),
      problem: followed.problemOf(query),
    }
  }

  return {
    standing: (request: ReproductionRequest): Standing => standingOf(store, request),
    advance: (request: ReproductionRequest, resumed: Set<number>): Standing =>
      start(request, resumed, (id) => supervisor.resume(id)),
    async report(request: ReproductionRequest, signal?: AbortSignal): Promise<Reproduction> {
      const all: ReturnType<typeof reportPart>[] = []
      for await (const { part } of parts(request, signal)) all.push(part)
      signal?.throwIfAborted()
      const { needed, finished } = standingOf(store, request)
      const standing = `${finished} of ${needed} runs are finished.`
      return {
        findings: all.map(({ finding }) => finding),
        files: {
          ...Object.assign({}, ...all.map(({ files }) => files)),
          'report.md': reportText(request, all, standing),
        },
      }
    },
    choice: (): ReproductionChoice => ({
      figures: figureNames.map((name) => ({ name, title: figures[name].title })),
      targets: parseTargets(environmentName.options).map(({ name, label, environment }) => ({
        name,
        label,
        environment,
      })),
      rules: [...rulesInWords],
    }),
    /** What windows ask with is in words, as on the command line. */
    inWindow,
    /** Findings as each is worked out; ends when the caller leaves. */
    findings: (query: ReproductionQuery, signal?: AbortSignal) =>
      watching<ReproductionProgress>([signal, closing], async function* (ended) {
        const request = requestOf(query)
        for await (const { done, total, arms, part } of parts(request, ended)) {
          if (ended.aborted) return
          const svg = Object.entries(part.files).find(([name]) => name.endsWith('.svg'))?.[1]
          yield { done, total, finding: shownFinding(request, part.finding, arms, svg) }
        }
      }),
    /** Starts what is missing, and from then on what has to wait for that. What was paused or stopped goes on, this once. */
    begin(query: ReproductionQuery): ReproductionStanding {
      start(requestOf(query), new Set(), (id) => supervisor.resume(id))
      followed.add(query)
      return inWindow(query)
    },
    /** To be called once where the lab trains: goes on with what was begun before it was last closed. */
    goOn: followed.look,
    /** Starts nothing more. What trains and waits already is the user's to pause. */
    end(query: ReproductionQuery): ReproductionStanding {
      followed.remove(query)
      return inWindow(query)
    },
    /** All files as one zip, each figure also as PNG. */
    async pack(query: ReproductionQuery, file: string, signal?: AbortSignal): Promise<{ bytes: number }> {
      const { files } = await this.report(requestOf(query), signal)
      return writeWhole(file, await zipFiles(await withPngs(files, signal), Date.now()))
    },
  }
}
