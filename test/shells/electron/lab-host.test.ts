import { EventEmitter } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/message-port'
import type { ContractRouterClient } from '@orpc/contract'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Contract } from '../../../src-main/contract/index.ts'
import { LabError } from '../../../src-main/lab/errors.ts'
import { hostLab, type OpenLab } from '../../../src-main/shells/electron/lab-host.ts'
import type { FromLabProcess, ToLabProcess } from '../../../src-main/shells/electron/messages.ts'
import { openTestLab, transfer } from '../../lab/test-lab.ts'
import { startScriptedWorker } from '../../training/scripted.ts'

/** Electron's main process, as the lab's process sees it; workers are real processes behind real message channels. */
class FakeMain extends EventEmitter {
  readonly heard: FromLabProcess[] = []

  postMessage(message: FromLabProcess): void {
    this.heard.push(message)
    this.emit(message.type)
    if (message.type === 'start-worker') this.#start(message.worker)
  }

  tell(data: ToLabProcess, ports: unknown[] = []): void {
    this.emit('message', { data, ports })
  }

  connect(): ContractRouterClient<Contract> {
    const { port1, port2 } = new MessageChannel()
    this.tell({ type: 'connect' }, [electronPort(port1)])
    port2.start()
    return createORPCClient(new RPCLink({ port: port2 as never }))
  }

  #start(worker: number): void {
    const { port1, port2 } = new MessageChannel()
    const process = startScriptedWorker()
    process.onMessage((message) => port1.postMessage(message))
    port1.on('message', (message) => process.send(message))
    process.onExit(({ code, stderr }) => {
      this.tell({ type: 'worker-exited', worker, code: code ?? 1, stderr })
      port1.close()
    })
    this.tell({ type: 'worker-started', worker }, [electronPort(port2)])
  }
}

/** Electron's ports hand over an event where Node's hand over the message. */
function electronPort(port: MessagePort) {
  const events = Object.assign(new EventEmitter(), {
    postMessage: (message: unknown) => port.postMessage(message),
    start: () => port.start(),
  })
  port.on('message', (data) => events.emit('message', { data, ports: [] }))
  port.on('close', () => events.emit('close'))
  return events
}

let folder: string
let main: FakeMain

async function open(
  openLab: OpenLab = (path, startWorker) => openTestLab(path, { startWorker }),
): Promise<void> {
  hostLab(main as never, openLab)
  main.tell({ type: 'open', folder })
  await vi.waitFor(() => expect(main.heard).not.toEqual([]))
}

async function close(): Promise<void> {
  main.tell({ type: 'close' })
  await vi.waitFor(() => expect(main.heard.at(-1)).toEqual({ type: 'closed' }), { timeout: 10_000 })
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lab-host-'))
  main = new FakeMain()
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('lab host', () => {
  it('opens the lab, tells its status and closes it', async () => {
    await open()
    await vi.waitFor(() => expect(main.heard).toHaveLength(2))
    expect(main.heard).toMatchObject([{ type: 'opened' }, { type: 'status', status: { running: 0 } }])
    await close()
  })

  it('refuses in the words of the lab', async () => {
    await open(async () => {
      throw new LabError('BUSY', 'The lab is open in another process.')
    })
    expect(main.heard).toEqual([{ type: 'refused', message: 'The lab is open in another process.' }])
  })

  it('says something, and logs the rest, when the fault is its own', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    await open(async () => {
      throw new TypeError('x is undefined')
    })
    expect(main.heard).toEqual([{ type: 'refused', message: 'SQRL Lab could not open it: x is undefined' }])
    expect(log).toHaveBeenCalledOnce()
    log.mockRestore()
  })

  it('speaks the contract with every window', async () => {
    await open()
    const windows = [main.connect(), main.connect()]
    for (const window of windows) expect(await window.lab.status()).toMatchObject({ slots: 2, running: 0 })
    await expect(windows[0]?.runs.get({ id: 99 })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await close()
  })

  it('trains through workers that the shell starts, and shows it live', async () => {
    await open()
    const window = main.connect()
    const experiment = await window.experiments.start(transfer({ methods: ['sqrl'], seeds: [0] }))
    for await (const _ of await window.runs.watch()) {
      const runs = await window.runs.list()
      if (runs.length === 2 && runs.every(({ state }) => state === 'finished')) break
    }
    const result = await window.experiments.compare({ id: experiment.id })
    expect(result.methods[0]?.episodes).toBeGreaterThan(0)
    expect(main.heard.filter(({ type }) => type === 'start-worker')).toHaveLength(2)
    expect(main.heard.some((heard) => heard.type === 'status' && heard.status.running === 1)).toBe(true)
    await close()
  }, 30_000)
})
