import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { FromLabProcess } from '../../../src-main/shells/electron/messages.ts'
import { FakeUtilityProcess, FakeWindow } from './fake-electron.ts'

const fork = vi.hoisted(() => vi.fn())
vi.mock('electron', async () => {
  const fakes = await import('./fake-electron.ts')
  return { utilityProcess: { fork }, MessageChannelMain: fakes.FakeMessageChannel }
})
const { LabRefusal, openLabProcess } = await import('../../../src-main/shells/electron/lab-process.ts')

const status = (running: number) => ({
  name: 'lab',
  version: '1',
  slots: 2,
  running,
  queued: 0,
  progress: running ? 0.5 : null,
  secondsLeft: null,
  databaseBytes: 0,
})

let child: FakeUtilityProcess
const hear = (message: FromLabProcess) => child.emit('message', message)

async function openLab(onLost: (code: number) => void = () => {}) {
  const opening = openLabProcess('/lab', onLost)
  hear({ type: 'opened' })
  return await opening
}

beforeEach(() => {
  child = new FakeUtilityProcess()
  fork.mockReset().mockImplementation(() => child)
})

describe('lab process', () => {
  it('opens the lab in its folder', async () => {
    await openLab()
    expect(fork.mock.calls[0]?.[0]).toMatch(/lab-service\.js$/)
    expect(child.messages()).toEqual([{ type: 'open', folder: '/lab' }])
  })

  it('passes on why the lab cannot be opened', async () => {
    const opening = openLabProcess('/lab', () => {})
    hear({ type: 'refused', message: 'The lab is in use.' })
    await expect(opening).rejects.toThrow(new LabRefusal('The lab is in use.'))
  })

  it('fails when the process ends before the lab is open, without calling it lost', async () => {
    const onLost = vi.fn()
    const opening = openLabProcess('/lab', onLost)
    child.emit('exit', 134)
    await expect(opening).rejects.toThrow('ended with code 134')
    expect(onLost).not.toHaveBeenCalled()
  })

  it('reports a lab that is lost, but not one that was closed', async () => {
    const onLost = vi.fn()
    await openLab(onLost)
    child.emit('exit', 11)
    expect(onLost).toHaveBeenCalledExactlyOnceWith(11)

    child = new FakeUtilityProcess()
    const lab = await openLab(onLost)
    const closing = lab.close()
    hear({ type: 'closed' })
    await closing
    expect(onLost).toHaveBeenCalledOnce()
  })

  it('gives each loaded page both ends of a new channel', async () => {
    const lab = await openLab()
    const window = new FakeWindow()
    lab.connect(window as never)
    expect(child.sent.at(-1)).toEqual({ message: { type: 'connect' }, ports: [{ end: 1 }] })
    expect(window.webContents.postMessage).toHaveBeenCalledWith('port', null, [{ end: 2 }])
  })

  it('tells its status to whoever listens, the last one at once', async () => {
    const lab = await openLab()
    expect(lab.isTraining()).toBe(false)
    hear({ type: 'status', status: status(1) })
    const listener = vi.fn()
    lab.onStatus(listener)
    expect(listener).toHaveBeenCalledWith(status(1))
    expect(lab.isTraining()).toBe(true)
    hear({ type: 'status', status: status(0) })
    expect(listener).toHaveBeenCalledWith(status(0))
    expect(lab.isTraining()).toBe(false)
  })

  it('kills a lab that does not close within a minute', async () => {
    const lab = await openLab()
    vi.useFakeTimers()
    const closing = lab.close()
    expect(child.messages().at(-1)).toEqual({ type: 'close' })
    await vi.advanceTimersByTimeAsync(59_000)
    expect(child.kill).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(2000)
    expect(child.kill).toHaveBeenCalledOnce()
    await closing
    vi.useRealTimers()
  })

  describe('workers', () => {
    let workers: FakeUtilityProcess[]

    beforeEach(async () => {
      workers = []
      await openLab()
      fork.mockImplementation(() => {
        const worker = new FakeUtilityProcess()
        workers.push(worker)
        return worker
      })
    })

    it('are started for the lab and joined to it by a channel of their own', () => {
      hear({ type: 'start-worker', worker: 7 })
      expect(fork.mock.lastCall?.[0]).toMatch(/worker\.js$/)
      expect(workers[0]?.sent).toEqual([{ message: { type: 'port' }, ports: [{ end: 1 }] }])
      expect(child.sent.at(-1)).toEqual({
        message: { type: 'worker-started', worker: 7 },
        ports: [{ end: 2 }],
      })
    })

    it('are killed when the lab says so, which hears of every end', () => {
      hear({ type: 'start-worker', worker: 1 })
      hear({ type: 'start-worker', worker: 2 })
      hear({ type: 'kill-worker', worker: 1 })
      expect(workers[0]?.kill).toHaveBeenCalledOnce()
      expect(child.messages().at(-1)).toEqual({ type: 'worker-exited', worker: 1, code: 0, stderr: '' })
      workers[1]?.stderr.emit('data', Buffer.from('out of memory\n'))
      workers[1]?.emit('exit', 139)
      expect(child.messages().at(-1)).toEqual({
        type: 'worker-exited',
        worker: 2,
        code: 139,
        stderr: 'out of memory',
      })
    })

    it('do not outlive the lab', () => {
      hear({ type: 'start-worker', worker: 1 })
      child.emit('exit', 1)
      expect(workers[0]?.kill).toHaveBeenCalledOnce()
    })
  })
})
