import type { Lab } from '../lab/lab.ts'
import { base } from './base.ts'

export const draftRoutes = (lab: Lab) => ({
  list: base.drafts.list.handler(() => lab.drafts.list()),
  get: base.drafts.get.handler(({ input }) => lab.drafts.get(input.id)),
  save: base.drafts.save.handler(({ input }) => lab.drafts.save(input)),
  remove: base.drafts.remove.handler(({ input }) => lab.drafts.remove(input.id)),
})
