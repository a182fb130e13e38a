import type { Lab } from '../lab/lab.ts'
import { base, guardStream } from './base.ts'

export const experimentRoutes = (lab: Lab) => ({
  list: base.experiments.list.handler(() => lab.experiments.list()),
  get: base.experiments.get.handler(({ input }) => lab.experiments.get(input.id)),
  start: base.experiments.start.handler(({ input }) => lab.experiments.start(input)),
  watch: base.experiments.watch.handler(({ signal }) =>
    guardStream(lab.experiments.watch(signal), 'experiments.watch'),
  ),
  annotate: base.experiments.annotate.handler(({ input: { id, ...changes } }) =>
    lab.experiments.annotate(id, changes),
  ),
  delete: base.experiments.delete.handler(({ input }) => ({
    runs: lab.experiments.delete(input.id, input.withFinetuning),
  })),
  restore: base.experiments.restore.handler(({ input }) => lab.experiments.restore(input.id)),
  compare: base.experiments.compare.handler(({ input }) => lab.experiments.compare(input.id, input.until)),
})
