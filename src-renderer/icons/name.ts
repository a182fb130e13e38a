import type * as icons from './index.ts'

export type IconName = keyof typeof icons
