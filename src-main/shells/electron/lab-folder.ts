import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { App } from 'electron'

/** The folder named by `--lab`, else one in the user's application data. Electron's own switches are let through. */
export function findLabFolder(app: App, args: string[]): string {
  const { values } = parseArgs({ args, options: { lab: { type: 'string' } }, strict: false })
  return typeof values.lab === 'string' ? resolve(values.lab) : join(app.getPath('userData'), 'lab')
}
