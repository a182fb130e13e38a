import type { MessagePortMain, ParentPort } from 'electron'
import type { ToWorker } from '../../training/messages.ts'
import type { StartWorker, WorkerExit, WorkerProcess } from '../../training/worker-process.ts'
import type { FromLabProcess, ToLabProcess } from './messages.ts'

/** Starts workers through Electron's main process; see `worker-broker.ts`, the other end. */
export function createBrokeredWorkers(parentPort: Pick<ParentPort, 'on' | 'postMessage'>): StartWorker {
  const workers = new Map<number, BrokeredWorker>()
  const tell = (message: FromLabProcess) => parentPort.postMessage(message)
  let started = 0

  parentPort.on('message', ({ data, ports }) => {
    const message: ToLabProcess = data
    if (message.type === 'worker-started') {
      const [port] = ports
      if (port) workers.get(message.worker)?.join(port)
    }
    if (message.type === 'worker-exited') {
      workers.get(message.worker)?.end({ code: message.code, signal: null, stderr: message.stderr })
      workers.delete(message.worker)
    }
  })

  return () => {
    started += 1
    const id = started
    const worker = new BrokeredWorker(() => tell({ type: 'kill-worker', worker: id }))
    workers.set(id, worker)
    tell({ type: 'start-worker', worker: id })
    return worker
  }
}

class BrokeredWorker implements WorkerProcess {
  readonly #kill: () => void
  readonly #messageListeners: ((message: unknown) => void)[] = []
  readonly #exitListeners: ((exit: WorkerExit) => void)[] = []
  #port: MessagePortMain | null = null
  #unsent: ToWorker[] = []
  #isPortOpen = false
  #exit: WorkerExit | null = null

  constructor(kill: () => void) {
    this.#kill = kill
  }

  send(message: ToWorker): void {
    if (this.#exit !== null) return
    if (this.#port === null) this.#unsent.push(message)
    else this.#port.postMessage(message)
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#messageListeners.push(listener)
  }

  onExit(listener: (exit: WorkerExit) => void): void {
    this.#exitListeners.push(listener)
  }

  kill(): void {
    this.#kill()
  }

  /** The worker runs: this is the way to it. */
  join(port: MessagePortMain): void {
    this.#port = port
    this.#isPortOpen = true
    port.on('message', ({ data }) => {
      for (const listener of this.#messageListeners) listener(data)
    })
    port.on('close', () => {
      this.#isPortOpen = false
      this.#reportOnceDrained()
    })
    port.start()
    for (const message of this.#unsent) port.postMessage(message)
    this.#unsent = []
  }

  end(exit: WorkerExit): void {
    this.#exit = exit
    this.#reportOnceDrained()
  }

  /** Its exit is told by another process, so its last messages may still be on their way; they come before the port closes. */
  #reportOnceDrained(): void {
    if (this.#exit === null || this.#isPortOpen) return
    for (const listener of this.#exitListeners.splice(0)) listener(this.#exit)
  }
}
