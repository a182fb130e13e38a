import type { Lab } from '../lab/lab.ts'
import { base, guardStream } from './base.ts'

export const labRoutes = (lab: Lab) => ({
  status: base.lab.status.handler(() => lab.status()),
  watch: base.lab.watch.handler(({ signal }) => guardStream(lab.watchStatus(signal), 'lab.watch')),
  setSlots: base.lab.setSlots.handler(({ input }) => lab.setSlots(input.slots)),
  emptyTrash: base.lab.emptyTrash.handler(() => lab.emptyTrash()),
  presets: base.lab.presets.handler(() => lab.presets()),
  settings: base.lab.settings.handler(() => lab.settings()),
})
