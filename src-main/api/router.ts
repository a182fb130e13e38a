import type { Lab } from '../lab/lab.ts'
import { baseOf } from './base.ts'
import { checkpointRoutes } from './checkpoints.ts'
import { comparisonRoutes } from './comparisons.ts'
import { type Desk, noDesk } from './desk.ts'
import { draftRoutes } from './drafts.ts'
import { episodeRoutes } from './episodes.ts'
import { experimentRoutes } from './experiments.ts'
import { failureRoutes } from './failures.ts'
import { fileRoutes } from './files.ts'
import { keptEpisodeRoutes } from './kept-episodes.ts'
import { labRoutes } from './lab.ts'
import { markRoutes } from './marks.ts'
import { metricRoutes } from './metrics.ts'
import { replayRoutes } from './replays.ts'
import { reproductionRoutes } from './reproductions.ts'
import { runRoutes } from './runs.ts'
import { taskRoutes } from './tasks.ts'
import { transferRoutes } from './transfers.ts'

/** The contract over an open lab: what every shell hands to its windows. */
export function createRouter(lab: Lab, desk: Desk = noDesk) {
  return baseOf(lab).router({
    lab: labRoutes(lab, desk),
    files: fileRoutes(lab, desk),
    experiments: experimentRoutes(lab),
    comparisons: comparisonRoutes(lab),
    transfers: transferRoutes(lab),
    drafts: draftRoutes(lab),
    reproductions: reproductionRoutes(lab),
    runs: runRoutes(lab),
    metrics: metricRoutes(lab),
    episodes: episodeRoutes(lab),
    failures: failureRoutes(lab),
    checkpoints: checkpointRoutes(lab),
    replays: replayRoutes(lab),
    keptEpisodes: keptEpisodeRoutes(lab),
    marks: markRoutes(lab),
    tasks: taskRoutes(lab),
  })
}
