import type { Lab } from '../lab/lab.ts'
import { base } from './base.ts'

export const episodeRoutes = (lab: Lab) => ({
  list: base.episodes.list.handler(({ input }) => lab.episodes.list(input)),
})
