import type { Lab } from '../lab/lab.ts'
import { base } from './base.ts'

export const taskRoutes = (lab: Lab) => ({
  scene: base.tasks.scene.handler(({ input }) => lab.tasks.scene(input)),
  preview: base.tasks.preview.handler(({ input }) => lab.tasks.preview(input)),
})
