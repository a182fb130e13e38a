import type { Lab } from '../lab/lab.ts'
import { base, guardStream } from './base.ts'

export const labRoutes = (lab: Lab) => ({
  status: base.lab.status.handler(() => lab.status()),
  watch: base.lab.watch.handler(({ signal }) => guardStream(lab.watchStatus(signal), 'lab.watch')),
  presets: base.lab.presets.handler(() => lab.presets()),
  settings: base.lab.settings.handler(() => lab.settings()),
})
