import type { Lab } from '../lab/lab.ts'
import { base } from './base.ts'

export const markRoutes = (lab: Lab) => ({
  list: base.marks.list.handler(({ input }) => lab.marks.list(input.episodeId)),
  add: base.marks.add.handler(({ input }) => lab.marks.add(input)),
  rename: base.marks.rename.handler(({ input }) => lab.marks.rename(input.id, input.label)),
  remove: base.marks.remove.handler(({ input }) => lab.marks.remove(input.id)),
})
