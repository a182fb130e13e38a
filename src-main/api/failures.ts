import type { Lab } from '../lab/lab.ts'
import { base, guardStream } from './base.ts'

export const failureRoutes = (lab: Lab) => ({
  list: base.failures.list.handler(({ input }) => lab.failures.list(input)),
  get: base.failures.get.handler(({ input }) => lab.failures.get(input.id)),
  summarize: base.failures.summarize.handler(({ input }) => lab.failures.summarize(input)),
  watchNewest: base.failures.watchNewest.handler(({ input, signal }) =>
    guardStream(lab.failures.watchNewest(input.runId, signal), 'failures.watchNewest'),
  ),
  neighbours: base.failures.neighbours.handler(({ input }) => lab.failures.neighbours(input.id, input.order)),
  paths: base.failures.paths.handler(({ input }) => lab.failures.paths(input.ids)),
})
