import type { Lab } from '../lab/lab.ts'
import { base, guardStream } from './base.ts'

export const metricRoutes = (lab: Lab) => ({
  names: base.metrics.names.handler(() => lab.metrics.names()),
  namesOf: base.metrics.namesOf.handler(({ input }) => lab.metrics.namesOf(input.runId)),
  latest: base.metrics.latest.handler(({ input }) => lab.metrics.latest(input.name)),
  history: base.metrics.history.handler(({ input }) => lab.metrics.history(input)),
  window: base.metrics.window.handler(({ input }) => lab.metrics.window(input)),
  watch: base.metrics.watch.handler(({ input, signal }) =>
    guardStream(lab.metrics.watch(input, signal), 'metrics.watch'),
  ),
})
