import { MessageChannelMain, type UtilityProcess, utilityProcess } from 'electron'
import type { FromLabProcess, ToLabProcess } from './messages.ts'

/** Characters of a worker's error stream that are kept to explain its end. */
const keptStderr = 4096

/**
 * Starts training workers for the lab, which cannot do so itself: Electron gives `utilityProcess` to its main process alone.
 * What lab and worker say to each other goes through a channel of their own, past this process.
 */
export function setupWorkerBroker(labProcess: UtilityProcess, workerFile: string): void {
  const workers = new Map<number, UtilityProcess>()
  const tellLab = (message: ToLabProcess, ports: Electron.MessagePortMain[] = []) =>
    labProcess.postMessage(message, ports)

  labProcess.on('message', (message: FromLabProcess) => {
    if (message.type === 'start-worker') start(message.worker)
    if (message.type === 'kill-worker') workers.get(message.worker)?.kill()
  })
  // Without the lab nobody keeps what they learn.
  labProcess.on('exit', () => {
    for (const worker of workers.values()) worker.kill()
  })

  function start(worker: number): void {
    const child = utilityProcess.fork(workerFile, [], {
      serviceName: `SQRL Lab worker ${worker}`,
      stdio: ['ignore', 'inherit', 'pipe'],
    })
    workers.set(worker, child)
    let stderr = ''
    child.stderr?.on('data', (chunk: Buffer) => {
      stderr = (stderr + chunk.toString()).slice(-keptStderr)
    })
    const { port1, port2 } = new MessageChannelMain()
    child.postMessage({ type: 'port' }, [port1])
    tellLab({ type: 'worker-started', worker }, [port2])
    child.once('exit', (code) => {
      workers.delete(worker)
      tellLab({ type: 'worker-exited', worker, code, stderr: stderr.trim() })
    })
  }
}
