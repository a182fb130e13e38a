import type { Lab } from '../lab/lab.ts'
import { base, guardStream } from './base.ts'

export const replayRoutes = (lab: Lab) => ({
  get: base.replays.get.handler(({ input }) => lab.replays.get(input)),
  branch: base.replays.branch.handler(({ input, signal }) =>
    guardStream(lab.replays.branch(input, signal), 'replays.branch'),
  ),
  rollOut: base.replays.rollOut.handler(({ input, signal }) =>
    guardStream(lab.replays.rollOut(input, signal), 'replays.rollOut'),
  ),
  rollOutScene: base.replays.rollOutScene.handler(({ input }) => lab.replays.rollOutScene(input)),
  verify: base.replays.verify.handler(({ input }) => lab.replays.verify(input)),
  judge: base.replays.judge.handler(({ input }) => lab.replays.judge(input)),
  field: base.replays.field.handler(({ input }) => lab.replays.field(input)),
})
