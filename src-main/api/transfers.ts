import type { Lab } from '../lab/lab.ts'
import { base, guardStream } from './base.ts'

export const transferRoutes = (lab: Lab) => ({
  plan: base.transfers.plan.handler(({ input }) => lab.transfers.plan(input)),
  dryRun: base.transfers.dryRun.handler(({ input, signal }) =>
    guardStream(lab.transfers.dryRun(input, signal), 'transfers.dryRun'),
  ),
  expectedWidth: base.transfers.expectedWidth.handler(({ input }) =>
    lab.transfers.expectedWidth(input.request),
  ),
  thresholds: base.transfers.thresholds.handler(({ input, signal }) =>
    guardStream(lab.transfers.thresholds(input, signal), 'transfers.thresholds'),
  ),
})
