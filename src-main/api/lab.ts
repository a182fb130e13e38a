import type { Lab } from '../lab/lab.ts'
import { base, guardStream } from './base.ts'
import type { Desk } from './desk.ts'

export const labRoutes = (lab: Lab, desk: Desk) => ({
  status: base.lab.status.handler(() => lab.status()),
  watch: base.lab.watch.handler(({ signal }) => guardStream(lab.watchStatus(signal), 'lab.watch')),
  setSlots: base.lab.setSlots.handler(({ input }) => lab.setSlots(input.slots)),
  emptyTrash: base.lab.emptyTrash.handler(() => lab.emptyTrash()),
  facts: base.lab.facts.handler(() => ({ ...lab.facts(), desk: desk.kind })),
  examine: base.lab.examine.handler(() => lab.examine()),
  openAnother: base.lab.openAnother.handler(async ({ input }) => ({
    isOpening: await desk.openLab(input.how),
  })),
  presets: base.lab.presets.handler(() => lab.presets()),
  targets: base.lab.targets.handler(() => lab.targets()),
  settings: base.lab.settings.handler(() => lab.settings()),
})
