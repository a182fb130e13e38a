import type { Lab } from '../lab/lab.ts'
import { base } from './base.ts'

export const transferRoutes = (lab: Lab) => ({
  plan: base.transfers.plan.handler(({ input }) => lab.transfers.plan(input)),
})
