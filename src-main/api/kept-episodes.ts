import type { Lab } from '../lab/lab.ts'
import { base } from './base.ts'

export const keptEpisodeRoutes = (lab: Lab) => ({
  list: base.keptEpisodes.list.handler(() => lab.keptEpisodes.list()),
  remove: base.keptEpisodes.remove.handler(({ input }) => lab.keptEpisodes.remove(input.id)),
})
