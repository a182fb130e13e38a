import type { Lab } from '../lab/lab.ts'
import { base, guardStream } from './base.ts'

export const runRoutes = (lab: Lab) => ({
  list: base.runs.list.handler(() => lab.runs.list()),
  get: base.runs.get.handler(({ input }) => lab.runs.get(input.id)),
  watch: base.runs.watch.handler(({ signal }) => guardStream(lab.runs.watch(signal), 'runs.watch')),
  pause: base.runs.pause.handler(({ input }) => lab.runs.pause(input.id)),
  resume: base.runs.resume.handler(({ input }) => lab.runs.resume(input.id)),
  stop: base.runs.stop.handler(({ input }) => lab.runs.stop(input.id)),
  extend: base.runs.extend.handler(({ input }) => lab.runs.extend(input.id, input.steps)),
})
