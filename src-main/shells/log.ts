import { appendFileSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'

/** A file of the log is closed at this size; so many older ones are kept. */
const fileBytes = 512 * 1024
const keptFiles = 3

export interface LogOptions {
  maximumBytes?: number
  now?: () => Date
}

export type Log = (level: 'info' | 'warning' | 'error', ...what: unknown[]) => void

/** A log in files that take turns: NAME.log is the newest, NAME.1.log the one before. What cannot be written is let go. */
export function openLog(folder: string, name: string, options: LogOptions = {}): Log {
  const { maximumBytes = fileBytes, now = () => new Date() } = options
  const file = (age: number) => join(folder, age === 0 ? `${name}.log` : `${name}.${age}.log`)
  return (level, ...what) => {
    const text = what.map((part) => (typeof part === 'string' ? part : inspect(part, { depth: 4 }))).join(' ')
    try {
      mkdirSync(folder, { recursive: true })
      if ((statSync(file(0), { throwIfNoEntry: false })?.size ?? 0) > maximumBytes) {
        rmSync(file(keptFiles), { force: true })
        for (let age = keptFiles - 1; age >= 0; age--)
          if (statSync(file(age), { throwIfNoEntry: false })) renameSync(file(age), file(age + 1))
      }
      appendFileSync(file(0), `${now().toISOString()} ${level} ${text}\n`, { mode: 0o600 })
    } catch {
      // A full disk must not end what only wanted to say something.
    }
  }
}

/** Everything that is said on the console goes to the log as well. */
export function logConsole(log: Log): void {
  const { error, warn } = console
  console.error = (...what: unknown[]) => {
    log('error', ...what)
    error(...what)
  }
  console.warn = (...what: unknown[]) => {
    log('warning', ...what)
    warn(...what)
  }
}
