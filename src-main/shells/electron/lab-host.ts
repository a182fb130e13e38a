import { RPCHandler } from '@orpc/server/message-port'
import type { MessagePortMain, ParentPort } from 'electron'
import { createRouter } from '../../api/router.ts'
import { wireSerializers } from '../../contract/wire.ts'
import { LabError } from '../../lab/errors.ts'
import type { Lab } from '../../lab/lab.ts'
import type { StartWorker } from '../../training/worker-process.ts'
import { createBrokeredWorkers } from './brokered-workers.ts'
import { createLabDesk } from './lab-desk.ts'
import type { FromLabProcess, ToLabProcess } from './messages.ts'

export type OpenLab = (folder: string, startWorker: StartWorker) => Promise<Lab>

/** Answers Electron's main process: opens the lab when told, hands it to every window that asks, reports its status, closes it. */
export function hostLab(parentPort: Pick<ParentPort, 'on' | 'postMessage'>, openLab: OpenLab): void {
  const tell = (message: FromLabProcess) => parentPort.postMessage(message)
  const startWorker = createBrokeredWorkers(parentPort)
  const desk = createLabDesk(parentPort)
  let lab: Lab | null = null
  let serve: (port: MessagePortMain) => void = () => {}

  parentPort.on('message', ({ data, ports: [port] }) => {
    const message: ToLabProcess = data
    if (message.type === 'open') void open(message.folder)
    if (message.type === 'connect' && port) serve(port)
    if (message.type === 'close') void close()
  })

  async function open(folder: string): Promise<void> {
    try {
      lab = await openLab(folder, startWorker)
    } catch (error) {
      tell({ type: 'refused', message: reasonFor(error) })
      return
    }
    const rpc = new RPCHandler(createRouter(lab, desk), { customJsonSerializers: wireSerializers })
    serve = (port) => {
      rpc.upgrade(port)
      port.start()
    }
    tell({ type: 'opened' })
    for await (const status of lab.watchStatus()) tell({ type: 'status', status })
  }

  async function close(): Promise<void> {
    await lab?.close()
    tell({ type: 'closed' })
  }
}

/** A fault of ours is no sentence for the user; its stack goes to the log. */
function reasonFor(error: unknown): string {
  if (error instanceof LabError) return error.message
  console.error(error)
  return `SQRL Lab could not open it: ${error instanceof Error ? error.message : String(error)}`
}
