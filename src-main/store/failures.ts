import type { Database, Statement } from 'better-sqlite3'
import { z } from 'zod'
import type {
  Failure,
  FailureFilter,
  FailureNeighbours,
  FailureOrder,
  FailureScope,
  FailureSort,
  FailureSummary,
} from '../contract/failures.ts'
import { phase } from '../contract/transfer.ts'
import { type EpisodeRow, episodeColumns, rowToEpisode } from './episodes.ts'
import { type FailureFacts, summarizeFailures } from './failure-summary.ts'

interface FailureRow extends EpisodeRow {
  phase: string
  method: string
  seed: number
}

export type FailureStore = ReturnType<typeof failureStore>

/** Of the run that failed. Asked of each run once and not of each failure: method, phase and seed are read out of JSON. */
const runConditions = {
  runId: 'id = @runId',
  experimentId: 'experiment_id = @experimentId',
  method: 'method = @method',
  phase: 'phase = @phase',
  seed: 'seed = @seed',
} as const satisfies Partial<Record<keyof FailureScope, string>>

const episodeConditions = {
  causes: "coalesce(cause, '') IN (SELECT value FROM json_each(@causes))",
  text: 'instr(lower(cause), lower(@text)) > 0',
  fromStep: 'step >= @fromStep',
  toStep: 'step <= @toStep',
  fromWarningLead: 'warning_lead >= @fromWarningLead',
  toWarningLead: 'warning_lead <= @toWarningLead',
  fromQSafe: 'final_q_safe >= @fromQSafe',
  toQSafe: 'final_q_safe <= @toQSafe',
  kind: 'kind = @kind',
} as const satisfies Partial<Record<keyof FailureScope, string>>

const sortColumns: Record<FailureSort, string | null> = {
  run: null,
  step: 'step',
  cause: 'cause',
  length: 'length',
  return: 'return',
  finalQSafe: 'final_q_safe',
  warningLead: 'warning_lead',
}

/** All failures that are not in the trash and meet the conditions. */
function failuresOf(scope: FailureScope): string {
  const asked = <K extends keyof FailureScope>(conditions: Readonly<Record<K, string>>): string =>
    Object.entries<string>(conditions)
      .filter(([name]) => scope[name as K] !== undefined)
      .map(([, condition]) => ` AND ${condition}`)
      .join('')
  return `FROM episodes WHERE outcome = 'failure'
    AND run_id IN (SELECT id FROM runs WHERE deleted_at IS NULL${asked(runConditions)})${asked(episodeConditions)}`
}

function orderOf({ sort, descending }: Pick<FailureOrder, 'sort' | 'descending'>): string {
  const column = sortColumns[sort]
  const direction = descending ? 'DESC' : 'ASC'
  if (column === null) return `run_id ${direction}, episode_index ${direction}`
  return `${column} IS NULL, ${column} ${direction}, run_id, episode_index`
}

/** `causes` as JSON; SQLite wants nothing that a statement does not name. */
function parametersOf(scope: FailureScope): Record<string, unknown> {
  const names = [...Object.keys(runConditions), ...Object.keys(episodeConditions)]
  const given = Object.entries(scope).filter(([name, value]) => names.includes(name) && value !== undefined)
  return Object.fromEntries(
    given.map(([name, value]) => [name, Array.isArray(value) ? JSON.stringify(value) : value]),
  )
}

const page = z.array(z.int())
/** Failures read at a stretch: a few milliseconds. */
const FACTS_PER_PAGE = 4000

export function failureStore(db: Database) {
  /** The conditions make the text, so there are few texts and each is prepared once. */
  const prepared = new Map<string, Statement<[Record<string, unknown>]>>()
  const prepare = (sql: string) => {
    const statement = prepared.get(sql) ?? db.prepare<[Record<string, unknown>]>(sql)
    prepared.set(sql, statement)
    return statement
  }
  const select = (where: string) =>
    `SELECT ${episodeColumns}, runs.phase, runs.method, runs.seed
     FROM episodes JOIN runs ON runs.id = episodes.run_id ${where}`
  const selectOne = db.prepare<{ id: number }, FailureRow>(
    select("WHERE episodes.id = @id AND outcome = 'failure' AND runs.deleted_at IS NULL"),
  )
  const selectPage = db.prepare<{ ids: string }, FailureRow>(
    select('JOIN json_each(@ids) AS page ON page.value = episodes.id ORDER BY page.key'),
  )
  const selectRuns = db.prepare<
    [],
    { id: number; method: string; phase: string; seed: number; experimentId: number }
  >('SELECT id, method, phase, seed, experiment_id AS experimentId FROM runs WHERE deleted_at IS NULL')

  // Rows as arrays, unparsed: tens of thousands of them, straight out of our own STRICT table.
  const selectFacts = db
    .prepare<{ run: number; index: number; last: number; limit: number }, FailureFacts>(
      `SELECT run_id, step, kind, coalesce(cause, ''), final_q_safe, warning_lead, episode_index FROM episodes
       WHERE outcome = 'failure' AND (run_id, episode_index) > (@run, @index) AND run_id <= @last
       ORDER BY run_id, episode_index LIMIT @limit`,
    )
    .raw()
  const countChanges = db.prepare<[], number>('SELECT total_changes()').pluck()
  let kept: { key: string; facts: FailureFacts[] } | null = null
  /** Of the runs from `first` to `last`. Kept until something is written, as the same runs are summarized under one condition after the other. */
  const factsOf = async (first: number, last: number, breathe: () => Promise<void>) => {
    const key = [countChanges.get(), first, last].join()
    if (kept?.key === key) return kept.facts
    const facts: FailureFacts[] = []
    let [run, index] = [first, -1]
    for (;;) {
      const page = selectFacts.all({ run, index, last, limit: FACTS_PER_PAGE })
      for (const one of page) facts.push(one)
      const end = page.at(-1)
      if (end === undefined || page.length < FACTS_PER_PAGE) break
      run = end[0]
      index = end[6]
      await breathe()
    }
    kept = { key, facts }
    return facts
  }

  return {
    list(filter: FailureFilter): Failure[] {
      const { limit, offset } = filter
      const ids = prepare(
        `SELECT id ${failuresOf(filter)} ORDER BY ${orderOf(filter)} LIMIT @limit OFFSET @offset`,
      )
        .pluck()
        .all({ ...parametersOf(filter), limit, offset })
      return selectPage.all({ ids: JSON.stringify(page.parse(ids)) }).map(rowToFailure)
    },
    count(scope: FailureScope): number {
      return z.int().parse(
        prepare(`SELECT count(*) ${failuresOf(scope)}`)
          .pluck()
          .get(parametersOf(scope)),
      )
    },
    get(id: number): Failure | null {
      const row = selectOne.get({ id })
      return row === undefined ? null : rowToFailure(row)
    },
    neighbours(id: number, order: FailureOrder): FailureNeighbours {
      const by = orderOf(order)
      const row = prepare(
        `SELECT * FROM (SELECT id, row_number() OVER w - 1 AS position, count(*) OVER () AS total,
           lag(id) OVER w AS previousId, lead(id) OVER w AS nextId ${failuresOf(order)} WINDOW w AS (ORDER BY ${by}))
         WHERE id = @id`,
      ).get({ ...parametersOf(order), id })
      return neighboursRow.parse(row ?? null)
    },
    /** One pass over the failures of the scope's runs, which lets others have their turn by `breathe`. */
    async summarize(
      scope: FailureScope,
      breathe: () => Promise<void> = async () => {},
    ): Promise<FailureSummary> {
      const { runId, experimentId } = scope
      const runs = new Map(
        selectRuns
          .all()
          .filter(
            (run) =>
              (runId === undefined || run.id === runId) &&
              (experimentId === undefined || run.experimentId === experimentId),
          )
          .map((run) => [run.id, run]),
      )
      const ids = [...runs.keys()].sort((a, b) => a - b)
      const facts = await factsOf(ids.at(0) ?? 0, ids.at(-1) ?? 0, breathe)
      return summarizeFailures(facts, runs, scope, breathe)
    },
  }
}

const neighboursRow = z
  .object({
    position: z.int(),
    total: z.int(),
    previousId: z.int().nullable(),
    nextId: z.int().nullable(),
  })
  .nullable()

function rowToFailure(row: FailureRow): Failure {
  return { ...rowToEpisode(row), phase: phase.parse(row.phase), method: row.method, seed: row.seed }
}
