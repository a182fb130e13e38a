import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** The Node that the package `node` brings; everything but these scripts runs on it. */
export const node24 = join(
  root,
  'node_modules',
  'node',
  'bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
)

export const fromRoot = (...parts) => join(root, ...parts)

export const isMain = (moduleUrl) =>
  process.argv[1] !== undefined && fileURLToPath(moduleUrl) === process.argv[1]

export const sayOnStdout = (line) => process.stdout.write(`${line}\n`)
export const sayOnStderr = (line) => process.stderr.write(`${line}\n`)

/** Something the user can act on: shown as its message alone, without a stack. */
export class Trouble extends Error {}

/** Runs a script's main function and turns what it returns or throws into the exit code. */
export async function runMain(main) {
  try {
    process.exitCode = (await main()) ?? 0
  } catch (error) {
    sayOnStderr(error instanceof Trouble ? error.message : String(error?.stack ?? error))
    process.exitCode = 1
  }
}

/** Runs a command in silence; resolves with its exit code (null after a time-out or when it cannot start) and all it printed. */
export function runQuietly(command, args, { env = process.env, timeoutMillis, signal } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    })
    let output = ''
    const collect = (chunk) => {
      output += chunk
    }
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    const stop = () => child.kill('SIGKILL')
    const timer = timeoutMillis === undefined ? undefined : setTimeout(stop, timeoutMillis)
    signal?.addEventListener('abort', stop, { once: true })
    const settle = (code) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', stop)
      resolve({ code, output })
    }
    child.on('error', (error) => {
      output += error.message
      settle(null)
    })
    child.on('close', settle)
  })
}

/**
 * Runs a command in the foreground until it ends; resolves with `{ code, signal, millis }`, where code is 128 + n after signal n.
 *
 * A terminal sends Ctrl-C to every process of the foreground group, and npm passes it on once more. So that the child hears it exactly
 * once it gets a group of its own, signals are handed on from here, and the same signal within a third of a second counts as one.
 */
export function runInForeground(command, args, { env = process.env, cwd = process.cwd() } = {}) {
  const hasOwnGroup = process.platform !== 'win32'
  return new Promise((resolve, reject) => {
    const startedAt = Date.now()
    const child = spawn(command, args, { cwd, env, stdio: 'inherit', detached: hasOwnGroup })
    const handlers = ['SIGINT', 'SIGTERM', 'SIGHUP'].map((name) => {
      let lastMillis = 0
      const handler = () => {
        const isRepeat = Date.now() - lastMillis < 300
        lastMillis = Date.now()
        // The Windows console delivers Ctrl-C to the child itself.
        if (hasOwnGroup && !isRepeat) child.kill(name)
      }
      process.on(name, handler)
      return { name, handler }
    })
    const settle = (action) => {
      for (const { name, handler } of handlers) process.off(name, handler)
      action()
    }
    child.on('error', (error) => settle(() => reject(error)))
    child.on('exit', (code, signal) => {
      const millis = Date.now() - startedAt
      const exitCode = signal === null ? code : 128 + (constants.signals[signal] ?? 0)
      settle(() => resolve({ code: exitCode, signal, millis }))
    })
  })
}
