import type { Lab } from '../lab/lab.ts'
import { base } from './base.ts'

export const checkpointRoutes = (lab: Lab) => ({
  list: base.checkpoints.list.handler(({ input }) => lab.checkpoints.list(input.runId)),
  download: base.checkpoints.download.handler(({ input }) => lab.checkpoints.download(input.id)),
})
