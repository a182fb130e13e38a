import type { Lab } from '../lab/lab.ts'
import { base } from './base.ts'

export const experimentRoutes = (lab: Lab) => ({
  list: base.experiments.list.handler(() => lab.experiments.list()),
  get: base.experiments.get.handler(({ input }) => lab.experiments.get(input.id)),
  start: base.experiments.start.handler(({ input }) => lab.experiments.start(input)),
  compare: base.experiments.compare.handler(({ input }) => lab.experiments.compare(input.id)),
})
