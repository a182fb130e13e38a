import type { Lab } from '../lab/lab.ts'
import { base } from './base.ts'

export const checkpointRoutes = (lab: Lab) => ({
  get: base.checkpoints.get.handler(({ input }) => lab.checkpoints.get(input.id)),
  list: base.checkpoints.list.handler(({ input }) => lab.checkpoints.list(input.runId)),
  rule: base.checkpoints.rule.handler(() => lab.checkpoints.rule()),
  setRule: base.checkpoints.setRule.handler(({ input }) => lab.checkpoints.setRule(input)),
  thinOut: base.checkpoints.thinOut.handler(({ input }) => lab.checkpoints.thinOut(input)),
  download: base.checkpoints.download.handler(({ input }) => lab.checkpoints.download(input.id)),
})
