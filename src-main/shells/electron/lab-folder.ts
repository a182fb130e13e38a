import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { defaultLabFolder } from '../default-lab-folder.ts'

/** The folder named by `--lab`, else the usual one. Electron's own switches are let through. */
export function findLabFolder(args: string[]): string {
  const { values } = parseArgs({ args, options: { lab: { type: 'string' } }, strict: false })
  return typeof values.lab === 'string' ? resolve(values.lab) : defaultLabFolder()
}
