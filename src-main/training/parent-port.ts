import type { FromWorker, ToWorker } from './messages.ts'

/** The worker's end of its channel to the supervisor. */
export interface ParentPort {
  send(message: FromWorker): void
  onMessage(listener: (message: ToWorker) => void): void
  /** Sends a last message and ends the process once it is on its way. */
  leave(message: FromWorker): void
}

interface PortLike {
  postMessage(message: unknown): void
  on(event: string, listener: (event: { data: ToWorker }) => void): void
  start(): void
}

interface ElectronParentPort {
  once(event: 'message', listener: (event: { ports: PortLike[] }) => void): void
}

/** Connects to the supervisor, under Node (IPC of `fork`) or Electron (a port handed over first). The worker ends with its parent. */
export async function connectToParent(): Promise<ParentPort> {
  const electron = (process as { parentPort?: ElectronParentPort }).parentPort
  if (electron)
    return fromPort(
      await new Promise((resolve) => electron.once('message', (event) => resolve(event.ports[0]))),
    )
  if (!process.send) throw new Error('A training worker is started by the lab, not by hand.')
  process.on('SIGINT', () => {}) // Ctrl-C is for the lab, which then asks for a checkpoint; on Windows it reaches this process too.
  process.on('disconnect', () => process.exit(1)) // Nobody is left to keep what would be learnt.
  return {
    send: (message) => void process.send?.(message),
    onMessage: (listener) => void process.on('message', listener),
    leave: (message) => void process.send?.(message, () => process.exit(0)),
  }
}

function fromPort(port: PortLike | undefined): ParentPort {
  if (!port) throw new Error('The lab started a training worker without a port.')
  port.on('close', () => process.exit(1))
  return {
    send: (message) => port.postMessage(message),
    onMessage(listener) {
      port.on('message', ({ data }) => listener(data))
      port.start()
    },
    leave(message) {
      port.postMessage(message)
      setImmediate(() => process.exit(0))
    },
  }
}
