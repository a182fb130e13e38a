import { EventEmitter } from 'node:events'
import { vi } from 'vitest'

/** What the shell uses of Electron, in fakes that record; each test file hands the parts it needs to `vi.mock('electron')`. */
export class FakeWebContents extends EventEmitter {
  setWindowOpenHandler = vi.fn()
  postMessage = vi.fn()
  send = vi.fn()
  reload = vi.fn()
}

export class FakeWindow extends EventEmitter {
  static all: FakeWindow[] = []
  static getAllWindows = () => FakeWindow.all
  static getFocusedWindow = () => null
  static fromWebContents = (contents: unknown) =>
    FakeWindow.all.find(({ webContents }) => webContents === contents) ?? null
  readonly webContents = new FakeWebContents()
  readonly options: unknown
  loadURL = vi.fn(async () => {})
  show = vi.fn()
  focus = vi.fn()
  restore = vi.fn()
  isMinimized = vi.fn(() => false)
  setTitle = vi.fn()
  setProgressBar = vi.fn()
  maximize = vi.fn()
  isMaximized = vi.fn(() => false)
  getNormalBounds = vi.fn(() => ({ x: 10, y: 20, width: 1000, height: 700 }))
  constructor(options?: unknown) {
    super()
    this.options = options
    FakeWindow.all.push(this)
  }
}

export class FakeUtilityProcess extends EventEmitter {
  readonly stderr = new EventEmitter()
  readonly sent: { message: unknown; ports: unknown[] }[] = []
  kill = vi.fn(() => {
    this.emit('exit', 0)
    return true
  })
  postMessage(message: unknown, ports: unknown[] = []): void {
    this.sent.push({ message, ports })
  }
  messages(): unknown[] {
    return this.sent.map(({ message }) => message)
  }
}

export class FakeMessageChannel {
  readonly port1 = { end: 1 }
  readonly port2 = { end: 2 }
}

/** An event of Electron's that can be prevented. */
export function fakeEvent<T extends object>(properties: T) {
  return { preventDefault: vi.fn(), ...properties }
}
