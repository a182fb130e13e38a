import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { ToWorker } from './messages.ts'

/** How a worker ended: its exit code or the signal that ended it, and the last it wrote to its error stream. */
export interface WorkerExit {
  code: number | null
  signal: string | null
  stderr: string
}

/**
 * A worker as the supervisor sees it, wherever it runs. Messages arrive in the order they were sent, and all of them before
 * the exit, which is reported once. Sending to a worker that is gone does nothing.
 */
export interface WorkerProcess {
  send(message: ToWorker): void
  onMessage(listener: (message: unknown) => void): void
  onExit(listener: (exit: WorkerExit) => void): void
  /** At once; the exit follows. */
  kill(): void
}

export type StartWorker = () => WorkerProcess

/** Bytes of a worker's error stream that are kept to explain its end. */
const keptStderr = 4096

/** The worker's file: beside this one in the sources, beside the bundle when built. */
export function workerPath(self = import.meta.url): string {
  return fileURLToPath(new URL(self.endsWith('.ts') ? './worker.ts' : './worker.js', self))
}

/** How a training process is started under Node; Electron's shell hands in its own way. */
export const forkWorker: StartWorker = () => forkScript(workerPath())

export function forkScript(path: string): WorkerProcess {
  const child = fork(path, [], {
    serialization: 'advanced',
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    // Ctrl-C in a terminal is for the lab, which then asks its workers for a checkpoint. On Windows this would open a console.
    detached: process.platform !== 'win32',
  })
  let stderr = ''
  let exit: Omit<WorkerExit, 'stderr'> | null = null
  let reported = false
  const listeners: ((exit: WorkerExit) => void)[] = []

  // The process may be gone while its last messages are still in the pipe.
  const reportOnceDrained = () => {
    if (reported || exit === null || child.connected) return
    reported = true
    for (const listener of listeners) listener({ ...exit, stderr: stderr.trim() })
  }
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-keptStderr)
  })
  child.on('exit', (code, signal) => {
    exit = { code, signal }
    reportOnceDrained()
  })
  child.on('disconnect', reportOnceDrained)
  child.on('error', (error) => {
    stderr += `${error.message}\n`
    // A process that never came to be has no exit of its own.
    if (child.pid === undefined) {
      exit = { code: null, signal: null }
      reported = true
      for (const listener of listeners) listener({ ...exit, stderr: stderr.trim() })
    }
  })

  return {
    send(message) {
      // An error here means that the worker is gone, and that its exit tells.
      if (child.connected) child.send(message, () => {})
    },
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => void listeners.push(listener),
    kill: () => void child.kill('SIGKILL'),
  }
}
