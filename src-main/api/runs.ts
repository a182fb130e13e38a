import type { Lab } from '../lab/lab.ts'
import { base, guardStream } from './base.ts'

export const runRoutes = (lab: Lab) => ({
  list: base.runs.list.handler(() => lab.runs.list()),
  get: base.runs.get.handler(({ input }) => lab.runs.get(input.id)),
  watch: base.runs.watch.handler(({ signal }) => guardStream(lab.runs.watch(signal), 'runs.watch')),
  pause: base.runs.pause.handler(({ input }) => lab.runs.pause(input.id)),
  resume: base.runs.resume.handler(({ input }) => lab.runs.resume(input.id)),
  stop: base.runs.stop.handler(({ input }) => lab.runs.stop(input.id)),
  annotate: base.runs.annotate.handler(({ input: { id, ...changes } }) => lab.runs.annotate(id, changes)),
  act: base.runs.act.handler(({ input, signal }) =>
    guardStream(lab.runs.act(input.ids, input.command, signal), 'runs.act'),
  ),
  log: base.runs.log.handler(({ input }) => lab.runs.log(input.id)),
  trash: base.runs.trash.handler(() => lab.runs.trash()),
  extend: base.runs.extend.handler(({ input }) => lab.runs.extend(input.id, input.steps)),
})
