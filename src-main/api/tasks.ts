import type { Lab } from '../lab/lab.ts'
import { base } from './base.ts'

export const taskRoutes = (lab: Lab) => ({
  tryFailures: base.tasks.tryFailures.handler(({ input }) => lab.tasks.tryFailures(input)),
  scene: base.tasks.scene.handler(({ input }) => lab.tasks.scene(input)),
  preview: base.tasks.preview.handler(({ input }) => lab.tasks.preview(input)),
})
