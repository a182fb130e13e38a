import type { Lab } from '../lab/lab.ts'
import { base, guardStream } from './base.ts'

export const comparisonRoutes = (lab: Lab) => ({
  curves: base.comparisons.curves.handler(({ input }) => lab.comparisons.curves(input)),
  statistics: base.comparisons.statistics.handler(({ input }) => lab.comparisons.statistics(input)),
  differences: base.comparisons.differences.handler(({ input }) => lab.comparisons.differences(input)),
  profiles: base.comparisons.profiles.handler(({ input }) => lab.comparisons.profiles(input)),
  calibrate: base.comparisons.calibrate.handler(({ input, signal }) =>
    guardStream(lab.comparisons.calibrate(input, signal), 'comparisons.calibrate'),
  ),
  list: base.comparisons.list.handler(() => lab.comparisons.list()),
  get: base.comparisons.get.handler(({ input }) => lab.comparisons.get(input.id)),
  save: base.comparisons.save.handler(({ input }) => lab.comparisons.save(input.name, input.view)),
  update: base.comparisons.update.handler(({ input: { id, ...change } }) =>
    lab.comparisons.update(id, change),
  ),
  delete: base.comparisons.delete.handler(({ input }) => lab.comparisons.delete(input.id)),
})
