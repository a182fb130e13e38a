import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type MethodName, methodName } from '../../contract/transfer.ts'
import { LabError } from '../../lab/errors.ts'
import { withPngs } from '../../lab/figure-png.ts'
import type { Lab } from '../../lab/lab.ts'
import {
  parseBudget,
  parseFigures,
  parseTargets,
  type ReproductionRequest,
} from '../../lab/reproduction/request.ts'
import { withLab } from './lab-folder.ts'
import { formatTable, note, report } from './output.ts'
import { showProgress } from './progress.ts'
import { exitCode } from './train.ts'

export interface ReproduceOptions {
  lab: string
  json: boolean
  environments: string[]
  methods?: string[]
  seeds: number
  budget: string
  out?: string
  workers?: number
  /** Trains nothing. */
  reportOnly: boolean
}

/** Trains what the lab does not have yet of what figures need, and writes figures, tables and the report. */
export async function reproduce(figure: string, options: ReproduceOptions): Promise<number> {
  const targets = parseTargets(options.environments)
  const request: ReproductionRequest = {
    figures: parseFigures(figure, targets),
    targets,
    methods: parseMethods(options.methods ?? [...methodName.options]),
    seeds: options.seeds,
    budget: parseBudget(options.budget),
  }
  const { lab: folder, json, workers, reportOnly } = options
  const labOptions = { ...(workers === undefined ? {} : { slots: workers }), train: !reportOnly }
  return withLab(folder, { ...labOptions, mustExist: reportOnly }, async (lab) => {
    if (!reportOnly && (await train(lab, request))) return exitCode.interrupted
    const { findings, files } = await lab.reproductions.report(request)
    const out = resolve(options.out ?? `${resolve(folder)}-reproduction`)
    await mkdir(out, { recursive: true })
    for (const [name, content] of Object.entries(await withPngs(files)))
      await writeFile(join(out, name), content)
    const { needed, finished } = lab.reproductions.standing(request)
    report(json, { folder: out, files: Object.keys(files), needed, finished, findings }, () =>
      [
        formatTable(
          ['figure', 'task', 'verdict'],
          findings.map(({ figure: name, target, verdict }) => [name, target, verdict]),
        ),
        `The report is ${join(out, 'report.md')}.`,
      ].join('\n\n'),
    )
    return finished === needed || reportOnly ? exitCode.done : exitCode.failed
  })
}

/** @returns whether it was interrupted. */
async function train(lab: Lab, request: ReproductionRequest): Promise<boolean> {
  let interrupted = false
  const stop = new Promise<void>((done) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => {
        interrupted = true
        note('Stopping after a checkpoint. The same command goes on.')
        done()
      })
  })
  const resumed = new Set<number>()
  for (let before = ''; ; ) {
    const standing = lab.reproductions.advance(request, resumed)
    note(`${standing.finished} of ${standing.needed} runs are finished.`)
    // Runs that fail twice are left out of the report, which says how many there are.
    const now = JSON.stringify(standing)
    if (standing.finished === standing.needed || now === before) return false
    before = now
    const ids = new Set(standing.unfinishedIds)
    const endProgress = showProgress(lab, ({ id }) => ids.has(id))
    await Promise.race([lab.whenIdle(), stop])
    endProgress()
    if (!interrupted) continue
    // What waits is not trained by another command on the same lab; the same command takes it up again.
    for (const id of lab.reproductions.standing(request).unfinishedIds)
      if (lab.runs.get(id).state === 'queued') lab.runs.pause(id)
    return true
  }
}

function parseMethods(words: readonly string[]): MethodName[] {
  return words.map((word) => {
    const parsed = methodName.safeParse(word)
    if (parsed.success) return parsed.data
    throw new LabError('INVALID', `--methods is any of ${methodName.options.join(', ')}, not "${word}".`)
  })
}
