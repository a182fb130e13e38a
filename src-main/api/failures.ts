import type { Lab } from '../lab/lab.ts'
import { base } from './base.ts'

export const failureRoutes = (lab: Lab) => ({
  list: base.failures.list.handler(({ input }) => lab.failures.list(input)),
  get: base.failures.get.handler(({ input }) => lab.failures.get(input.id)),
})
