import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { defaultLabFolder } from '../default-lab-folder.ts'

export interface StartOptions {
  /** The folder named by `--lab`, else the one that the command line takes too. */
  labFolder: string
  /** False after `--quit-without-asking`, for programs that start the app and end it. */
  asksBeforeQuit: boolean
}

/** Electron's own switches are let through. */
export function readStartOptions(args: string[]): StartOptions {
  const { values } = parseArgs({
    args,
    options: { lab: { type: 'string' }, 'quit-without-asking': { type: 'boolean' } },
    strict: false,
  })
  return {
    labFolder: typeof values.lab === 'string' ? resolve(values.lab) : defaultLabFolder(),
    asksBeforeQuit: values['quit-without-asking'] !== true,
  }
}
