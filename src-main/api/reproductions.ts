import type { Lab } from '../lab/lab.ts'
import { base, guardStream } from './base.ts'

export const reproductionRoutes = (lab: Lab) => ({
  choice: base.reproductions.choice.handler(() => lab.reproductions.choice()),
  findings: base.reproductions.findings.handler(({ input, signal }) =>
    guardStream(lab.reproductions.findings(input, signal), 'reproductions.findings'),
  ),
  standing: base.reproductions.standing.handler(({ input }) => lab.reproductions.inWindow(input)),
  start: base.reproductions.start.handler(({ input }) => lab.reproductions.begin(input)),
  stop: base.reproductions.stop.handler(({ input }) => lab.reproductions.end(input)),
})
