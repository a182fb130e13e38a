import { type BrowserWindow, MessageChannelMain, utilityProcess } from 'electron'
import type { LabStatus } from '../../contract/lab.ts'
import type { FromLabProcess, Question, ToLabProcess } from './messages.ts'
import { labServiceFile, workerFile } from './paths.ts'
import { setupWorkerBroker } from './worker-broker.ts'

/** Checkpoints of every run in progress are written within this time, or not at all. */
const closeMillis = 60_000

/** The lab, seen from the shell: it lives in a process of its own, so that no window waits for its database. */
export interface LabProcess {
  /** Gives the page of a window a port to the lab. */
  connect(window: BrowserWindow): void
  onStatus(listener: (status: LabStatus) => void): void
  isTraining(): boolean
  /** Makes an archive known to the lab under a ticket, by which pages can import it. */
  handOver(ticket: string, file: string): void
  /** Resolves when every run has written its checkpoint and the store is closed. */
  close(): Promise<void>
}

/** The lab said no: the message is a sentence for the user. */
export class LabRefusal extends Error {}

/**
 * Opens the lab in `folder`. `onLost` is called if its process ends although nobody closed it; `answer` asks the user what only a dialog
 * of the system can.
 */
export function openLabProcess(
  folder: string,
  onLost: (code: number) => void,
  answer: (question: Question) => Promise<string | null> = async () => null,
  logFolder: string | null = null,
): Promise<LabProcess> {
  const child = utilityProcess.fork(labServiceFile, [], {
    serviceName: 'SQRL Lab service',
    env: { ...process.env, ...(logFolder === null ? {} : { SQRL_LAB_LOGS: logFolder }) },
  })
  const tell = (message: ToLabProcess, ports: Electron.MessagePortMain[] = []) =>
    child.postMessage(message, ports)
  setupWorkerBroker(child, workerFile)

  const statusListeners = new Set<(status: LabStatus) => void>()
  let status: LabStatus | null = null
  let state: 'opening' | 'open' | 'closing' | 'ended' = 'opening'
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))

  const lab: LabProcess = {
    connect(window) {
      const { port1, port2 } = new MessageChannelMain()
      tell({ type: 'connect' }, [port1])
      window.webContents.postMessage('port', null, [port2])
    },
    onStatus(listener) {
      statusListeners.add(listener)
      if (status !== null) listener(status)
    },
    isTraining: () => state === 'open' && status !== null && status.running > 0,
    handOver: (ticket, file) => tell({ type: 'hand-over', ticket, file }),
    async close() {
      if (state === 'ended') return
      state = 'closing'
      tell({ type: 'close' })
      const patience = setTimeout(() => child.kill(), closeMillis)
      await ended
      clearTimeout(patience)
    },
  }

  return new Promise((resolve, reject) => {
    child.on('message', (message: FromLabProcess) => {
      if (message.type === 'opened') {
        state = 'open'
        resolve(lab)
      }
      if (message.type === 'refused') reject(new LabRefusal(message.message))
      if (message.type === 'closed') child.kill()
      if (message.type === 'ask') {
        const { request, question } = message
        void answer(question)
          .catch(() => null)
          .then((path) => tell({ type: 'answer', request, path }))
      }
      if (message.type === 'status') {
        status = message.status
        for (const listener of statusListeners) listener(message.status)
      }
    })
    child.once('exit', (code) => {
      const stateBefore = state
      state = 'ended'
      if (stateBefore === 'open') onLost(code)
      reject(new Error(`The lab's process ended with code ${code} before the lab was open.`))
    })
    tell({ type: 'open', folder })
  })
}
