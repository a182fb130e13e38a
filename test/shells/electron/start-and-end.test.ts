import { EventEmitter } from 'node:events'
import { resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { LabStatus } from '../../../src-main/contract/lab.ts'
import { defaultLabFolder } from '../../../src-main/shells/default-lab-folder.ts'
import { setupProgress, windowTitle } from '../../../src-main/shells/electron/progress.ts'
import { setupQuit } from '../../../src-main/shells/electron/quit.ts'
import { setupSingleInstance } from '../../../src-main/shells/electron/single-instance.ts'
import { readStartOptions } from '../../../src-main/shells/electron/start-options.ts'
import { FakeWindow, fakeEvent } from './fake-electron.ts'

const { powerSaveBlocker, showMessageBoxSync } = vi.hoisted(() => ({
  powerSaveBlocker: { start: vi.fn(() => 42), stop: vi.fn() },
  showMessageBoxSync: vi.fn(),
}))
vi.mock('electron', async () => {
  const fakes = await import('./fake-electron.ts')
  return {
    BrowserWindow: fakes.FakeWindow,
    dialog: { showMessageBoxSync },
    powerSaveBlocker,
  }
})

class FakeApp extends EventEmitter {
  hasLock = true
  requestSingleInstanceLock = () => this.hasLock
  quit = vi.fn()
}

let app: FakeApp

beforeEach(() => {
  app = new FakeApp()
  FakeWindow.all = []
  vi.clearAllMocks()
})

describe('setupSingleInstance()', () => {
  it('is false for the second start and tells the first', () => {
    const onSecondStart = vi.fn()
    expect(setupSingleInstance(app as never, onSecondStart)).toBe(true)
    app.emit('second-instance', {}, ['sqrl-lab', '/a.sqrlx'])
    expect(onSecondStart).toHaveBeenCalledExactlyOnceWith(['sqrl-lab', '/a.sqrlx'])
    app.hasLock = false
    expect(setupSingleInstance(app as never, onSecondStart)).toBe(false)
    expect(app.listenerCount('second-instance')).toBe(1)
  })
})

describe('readStartOptions()', () => {
  it('takes --lab and passes over the switches of Electron', () => {
    for (const args of [['--no-sandbox', '.', '--lab', 'my-lab', '--inspect=0'], ['--lab=my-lab']]) {
      expect(readStartOptions(args)).toEqual({ labFolder: resolve('my-lab'), asksBeforeQuit: true })
    }
  })

  it('falls back to the folder that the command line takes too', () => {
    expect(readStartOptions(['.']).labFolder).toBe(defaultLabFolder())
  })

  it('knows a start by a program that will end it', () => {
    expect(readStartOptions(['.', '--quit-without-asking', '--lab', 'x']).asksBeforeQuit).toBe(false)
  })
})

describe('setupProgress()', () => {
  const status = (running: number, progress: number | null): LabStatus => ({
    name: 'lab',
    version: '1',
    slots: 2,
    running,
    queued: 0,
    progress,
    secondsLeft: null,
    databaseBytes: 0,
  })

  it('shows the progress in title and task bar, and takes it away at the end', () => {
    const window = new FakeWindow()
    let tell: (status: LabStatus) => void = () => {}
    setupProgress((listener) => {
      tell = listener
    })
    tell(status(1, 0.456))
    expect(window.setTitle).toHaveBeenLastCalledWith('45 % – SQRL Lab')
    expect(window.setProgressBar).toHaveBeenLastCalledWith(0.456)
    tell(status(0, null))
    expect(window.setTitle).toHaveBeenLastCalledWith('SQRL Lab')
    expect(window.setProgressBar).toHaveBeenLastCalledWith(-1)
  })

  it('keeps the machine awake exactly while something trains', () => {
    let tell: (status: LabStatus) => void = () => {}
    setupProgress((listener) => {
      tell = listener
    })
    for (const running of [0, 1, 2, 1]) tell(status(running, 0.5))
    expect(powerSaveBlocker.start).toHaveBeenCalledExactlyOnceWith('prevent-app-suspension')
    expect(powerSaveBlocker.stop).not.toHaveBeenCalled()
    tell(status(0, null))
    tell(status(0, null))
    expect(powerSaveBlocker.stop).toHaveBeenCalledExactlyOnceWith(42)
    tell(status(1, 0))
    expect(powerSaveBlocker.start).toHaveBeenCalledTimes(2)
  })

  it('calls nothing complete that is not', () => {
    expect(windowTitle({ progress: 0.9999 })).toBe('99 % – SQRL Lab')
  })
})

describe('setupQuit()', () => {
  afterEach(() => {
    for (const signal of ['SIGINT', 'SIGTERM']) process.removeAllListeners(signal)
  })

  const setup = (isTraining: boolean, asksBeforeQuit = true) => {
    let finishClosing = () => {}
    const lab = {
      isTraining: () => isTraining,
      close: vi.fn(() => new Promise<void>((resolveClosing) => (finishClosing = resolveClosing))),
    }
    setupQuit(app as never, lab as never, asksBeforeQuit)
    const quit = () => {
      const event = fakeEvent({})
      app.emit('before-quit', event)
      return event.preventDefault.mock.calls.length === 0
    }
    return { lab, quit, finishClosing: () => finishClosing() }
  }

  it('waits for the lab to close and then quits', async () => {
    const { lab, quit, finishClosing } = setup(false)
    expect(quit()).toBe(false)
    expect(quit()).toBe(false)
    expect(lab.close).toHaveBeenCalledOnce()
    expect(showMessageBoxSync).not.toHaveBeenCalled()
    finishClosing()
    await vi.waitFor(() => expect(app.quit).toHaveBeenCalledOnce())
    expect(quit()).toBe(true)
  })

  it('asks while something trains and stays open if told so', () => {
    const { lab, quit } = setup(true)
    showMessageBoxSync.mockReturnValue(1)
    expect(quit()).toBe(false)
    expect(lab.close).not.toHaveBeenCalled()
    showMessageBoxSync.mockReturnValue(0)
    quit()
    expect(lab.close).toHaveBeenCalledOnce()
  })

  it('asks nobody after a signal or when told not to', () => {
    const signalled = setup(true)
    process.emit('SIGINT')
    expect(app.quit).toHaveBeenCalledOnce()
    signalled.quit()
    expect(signalled.lab.close).toHaveBeenCalledOnce()
    app = new FakeApp()
    const unasked = setup(true, false)
    unasked.quit()
    expect(unasked.lab.close).toHaveBeenCalledOnce()
    expect(showMessageBoxSync).not.toHaveBeenCalled()
  })

  it('quits when the last window is closed', () => {
    setup(false)
    app.emit('window-all-closed')
    expect(app.quit).toHaveBeenCalledOnce()
  })
})
