import { EventEmitter } from 'node:events'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createBrokeredWorkers } from '../../../src-main/shells/electron/brokered-workers.ts'
import type { ToLabProcess } from '../../../src-main/shells/electron/messages.ts'

class FakePort extends EventEmitter {
  start = vi.fn()
  postMessage = vi.fn()
}

class FakeParentPort extends EventEmitter {
  postMessage = vi.fn()
  hear(data: ToLabProcess, ports: FakePort[] = []): void {
    this.emit('message', { data, ports })
  }
}

const stop = { type: 'stop' } as const

let parentPort: FakeParentPort
let port: FakePort

function startWorker() {
  const worker = createBrokeredWorkers(parentPort as never)()
  const heard: unknown[] = []
  const exits: unknown[] = []
  worker.onMessage((message) => heard.push(message))
  worker.onExit((exit) => exits.push(exit))
  return { worker, heard, exits }
}

beforeEach(() => {
  parentPort = new FakeParentPort()
  port = new FakePort()
})

describe('brokered workers', () => {
  it('are asked for by number', () => {
    const start = createBrokeredWorkers(parentPort as never)
    start()
    start()
    expect(parentPort.postMessage.mock.calls).toEqual([
      [{ type: 'start-worker', worker: 1 }],
      [{ type: 'start-worker', worker: 2 }],
    ])
  })

  it('get what was sent before they ran, in order', () => {
    const { worker, heard } = startWorker()
    worker.send({ type: 'committed', step: 1 })
    worker.send(stop)
    parentPort.hear({ type: 'worker-started', worker: 1 }, [port])
    worker.send({ type: 'committed', step: 2 })
    expect(port.postMessage.mock.calls).toEqual([
      [{ type: 'committed', step: 1 }],
      [stop],
      [{ type: 'committed', step: 2 }],
    ])
    expect(port.start).toHaveBeenCalledOnce()
    port.emit('message', { data: { type: 'finished' } })
    expect(heard).toEqual([{ type: 'finished' }])
  })

  it('report their end once, after their last message', () => {
    const { worker, heard, exits } = startWorker()
    parentPort.hear({ type: 'worker-started', worker: 1 }, [port])
    parentPort.hear({ type: 'worker-exited', worker: 1, code: 134, stderr: 'out of memory' })
    expect(exits).toEqual([])
    port.emit('message', { data: 'last words' })
    port.emit('close')
    port.emit('close')
    expect(heard).toEqual(['last words'])
    expect(exits).toEqual([{ code: 134, signal: null, stderr: 'out of memory' }])
    worker.send(stop)
    expect(port.postMessage).not.toHaveBeenCalled()
  })

  it('report an end before they ran', () => {
    const { exits } = startWorker()
    parentPort.hear({ type: 'worker-exited', worker: 1, code: 1, stderr: '' })
    expect(exits).toHaveLength(1)
  })

  it('are killed through the shell', () => {
    const { worker } = startWorker()
    worker.kill()
    expect(parentPort.postMessage).toHaveBeenLastCalledWith({ type: 'kill-worker', worker: 1 })
  })
})
