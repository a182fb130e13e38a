import { EventEmitter } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MenuItemConstructorOptions } from 'electron'
import fc from 'fast-check'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createLabDesk } from '../../../src-main/shells/electron/lab-desk.ts'
import type { FromLabProcess, ToLabProcess } from '../../../src-main/shells/electron/messages.ts'
import {
  archiveAmong,
  setupDroppedFiles,
  setupOpenedFiles,
} from '../../../src-main/shells/electron/open-file.ts'
import { openRecentLabs } from '../../../src-main/shells/electron/recent-labs.ts'
import {
  clampToScreens,
  keepWindowState,
  readWindowState,
} from '../../../src-main/shells/electron/window-state.ts'
import { temporaryFolder } from '../../store/fixtures.ts'
import { FakeWindow, fakeEvent } from './fake-electron.ts'

const { dialog, ipcRenderer, webUtils } = vi.hoisted(() => ({
  webUtils: { getPathForFile: ({ path }: { path: string }) => path },
  ipcRenderer: { on: vi.fn(), send: vi.fn() },
  dialog: {
    showMessageBox: vi.fn(),
    showSaveDialog: vi.fn(),
    showOpenDialog: vi.fn(),
    showErrorBox: vi.fn(),
  },
}))
vi.mock('electron', async () => {
  const fakes = await import('./fake-electron.ts')
  return {
    BrowserWindow: fakes.FakeWindow,
    dialog,
    Menu: {},
    shell: {},
    protocol: {},
    ipcRenderer,
    webUtils,
  }
})
const { menuTemplate } = await import('../../../src-main/shells/electron/menu.ts')
const { openLabSeat } = await import('../../../src-main/shells/electron/lab-seat.ts')
const { setupCrashDialog } = await import('../../../src-main/shells/electron/crash.ts')

// By a name that the compiler does not follow: the pages have settings of their own.
const catalogue = new URL('../../../src-renderer/actions/catalog.ts', import.meta.url).pathname
const { knownActions }: { knownActions: readonly { id: string }[] } = await import(catalogue)

beforeEach(() => {
  FakeWindow.all = []
  vi.clearAllMocks()
})

describe('menuTemplate()', () => {
  const calls = { openLab: vi.fn(), openRecent: vi.fn(), saveLogs: vi.fn() }
  const template = (isPackaged = true) =>
    menuTemplate({
      isPackaged,
      labFolder: '/labs/now',
      recentLabs: [
        { folder: '/labs/now', label: 'now' },
        { folder: '/labs/before', label: 'before' },
      ],
      ...calls,
    })
  const flat = (items: MenuItemConstructorOptions[]): MenuItemConstructorOptions[] =>
    items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? flat(item.submenu) : [])])
  const click = (label: string) => {
    const item = flat(template()).find((other) => other.label === label)
    item?.click?.({} as never, undefined as never, {} as never)
    return item
  }

  it('has the developer tools only while developing', () => {
    expect(JSON.stringify(template(false))).toContain('toggleDevTools')
    expect(JSON.stringify(template(true))).not.toContain('toggleDevTools')
  })

  it('asks the page only for actions that it knows', () => {
    const window = new FakeWindow()
    const actions = flat(template()).filter(({ id }) => id !== undefined)
    expect(actions.length).toBeGreaterThan(4)
    for (const { id, label } of actions) {
      expect(knownActions.map((known) => known.id)).toContain(id)
      click(label ?? '')
      expect(window.webContents.send).toHaveBeenLastCalledWith('shell', { action: id })
    }
  })

  it('offers the labs that were open before, but not the one that is', () => {
    expect(click('before')).toBeDefined()
    expect(calls.openRecent).toHaveBeenCalledExactlyOnceWith('/labs/before')
    expect(flat(template()).some(({ label }) => label === 'now')).toBe(false)
  })
})

describe('clampToScreens()', () => {
  const screen = { x: 0, y: 0, width: 1920, height: 1080 }
  const second = { x: 1920, y: 0, width: 1280, height: 1024 }
  const state = { x: 100, y: 100, width: 1200, height: 800, isMaximized: false }

  it('leaves a window where it was', () => {
    expect(clampToScreens(state, [screen])).toEqual({ x: 100, y: 100, width: 1200, height: 800 })
    expect(clampToScreens({ ...state, x: 2000 }, [screen, second])).toMatchObject({ x: 2000 })
  })

  it('brings a window back from a screen that is gone', () => {
    expect(clampToScreens({ ...state, x: 2000 }, [screen])).toEqual({
      x: 720,
      y: 100,
      width: 1200,
      height: 800,
    })
  })

  it('always leaves a grip on some screen', () => {
    const coordinate = fc.integer({ min: -5000, max: 5000 })
    const size = fc.integer({ min: 200, max: 5000 })
    fc.assert(
      fc.property(
        fc.record({ x: coordinate, y: coordinate, width: size, height: size, isMaximized: fc.boolean() }),
        fc.constantFrom([screen], [screen, second], [second]),
        (anywhere, screens) => {
          const bounds = clampToScreens(anywhere, screens)
          if (bounds === null) throw new Error('no bounds')
          const isReachable = screens.some(
            ({ x, y, width, height }) =>
              bounds.y >= y &&
              bounds.y + 40 <= y + height &&
              Math.min(bounds.x + bounds.width, x + width) - Math.max(bounds.x, x) >= 160,
          )
          expect(isReachable).toBe(true)
        },
      ),
    )
  })

  it('is read back as it was written, and only if it makes sense', () => {
    using folder = temporaryFolder()
    const file = join(folder.path, 'sub', 'window.json')
    const window = new FakeWindow()
    keepWindowState(window as never, file)
    window.isMaximized.mockReturnValue(true)
    window.emit('close')
    expect(readWindowState(file)).toEqual({ x: 10, y: 20, width: 1000, height: 700, isMaximized: true })
    writeFileSync(file, '{"x": "left"}')
    expect(readWindowState(file)).toBeNull()
    expect(readWindowState(join(folder.path, 'none'))).toBeNull()
  })
})

describe('recent labs', () => {
  it('come in the order in which they were opened, while they are there', () => {
    using folder = temporaryFolder()
    const app = { getPath: () => join(folder.path, 'data'), addRecentDocument: vi.fn() }
    const labs = ['a/lab', 'b/lab', 'c/other'].map((name) => join(folder.path, name))
    for (const lab of labs) {
      mkdirSync(lab, { recursive: true })
      writeFileSync(join(lab, 'lab.sqlite'), '')
    }
    const recent = openRecentLabs(app as never)
    for (const lab of [...labs, labs[0] ?? '', join(folder.path, 'gone')]) recent.add(lab)
    expect(
      openRecentLabs(app as never)
        .list()
        .map((entry) => entry.folder),
    ).toEqual([labs[0], labs[2], labs[1]])
    expect(recent.list().map(({ label }) => label)).toEqual([
      `lab (${join(folder.path, 'a')})`,
      'other',
      `lab (${join(folder.path, 'b')})`,
    ])
    expect(app.addRecentDocument).toHaveBeenCalledTimes(5)
    writeFileSync(join(folder.path, 'data', 'recent-labs.json'), 'damaged')
    expect(recent.list()).toEqual([])
  })
})

describe('openLabSeat()', () => {
  const fakeLab = (folder: string) => ({
    folder,
    connect: vi.fn(),
    onStatus: vi.fn(),
    isTraining: () => folder === '/training',
    handOver: vi.fn(),
    close: vi.fn(async () => {}),
  })

  it('closes one lab before it opens the other, and the pages begin anew', async () => {
    const window = new FakeWindow()
    const opened: ReturnType<typeof fakeLab>[] = []
    const order: string[] = []
    const seat = await openLabSeat('/first', async (folder) => {
      order.push(`open ${folder}`)
      const lab = fakeLab(folder)
      lab.close.mockImplementation(async () => void order.push(`close ${folder}`))
      opened.push(lab)
      return lab
    })
    const listener = vi.fn()
    seat.onStatus(listener)
    await seat.switchTo('/training')
    expect(order).toEqual(['open /first', 'close /first', 'open /training'])
    expect(seat.folder).toBe('/training')
    expect(seat.isTraining()).toBe(true)
    expect(opened[1]?.onStatus).toHaveBeenCalledWith(listener)
    expect(window.loadURL).toHaveBeenCalledExactlyOnceWith('app://lab/')
    await seat.switchTo('/training')
    expect(order).toHaveLength(3)
  })

  it('goes back to the first where the other refuses', async () => {
    const seat = await openLabSeat('/first', async (folder) => {
      if (folder === '/bad') throw new Error('The lab is in use.')
      return fakeLab(folder)
    })
    await expect(seat.switchTo('/bad')).rejects.toThrow('in use')
    expect(seat.folder).toBe('/first')
  })
})

describe('createLabDesk()', () => {
  const setup = (answer: (message: FromLabProcess) => string | null) => {
    const port = Object.assign(new EventEmitter(), {
      postMessage: (message: FromLabProcess) => {
        if (message.type !== 'ask') return
        const data: ToLabProcess = { type: 'answer', request: message.request, path: answer(message) }
        queueMicrotask(() => port.emit('message', { data, ports: [] }))
      },
    })
    return { port, desk: createLabDesk(port as never) }
  }

  it('asks the main process for files, and takes no for an answer', async () => {
    const asked: unknown[] = []
    const { desk } = setup((message) => {
      if (message.type === 'ask') asked.push(message.question)
      return '/home/a/b.sqlite'
    })
    expect(await desk.chooseTarget('backup', 'b.sqlite')).toMatchObject({ file: '/home/a/b.sqlite' })
    expect(asked).toEqual([{ about: 'target', kind: 'backup', name: 'b.sqlite' }])
    const refusing = setup(() => null).desk
    expect(await refusing.chooseTarget('backup', 'b')).toBeNull()
    expect(await refusing.chooseSource(null)).toBeNull()
    expect(await refusing.openLab('open')).toBe(false)
  })

  it('lets a page import what the system handed over, and nothing under a ticket of its own', async () => {
    const { desk, port } = setup(() => null)
    await expect(desk.chooseSource('made-up-by-a-page')).rejects.toThrow('not known')
    const data: ToLabProcess = { type: 'hand-over', ticket: 't'.repeat(32), file: '/a.sqrlx' }
    port.emit('message', { data, ports: [] })
    expect(await desk.chooseSource('t'.repeat(32))).toMatchObject({ file: '/a.sqrlx' })
  })
})

describe('opened files', () => {
  it('wait until there is a lab to take them', () => {
    using folder = temporaryFolder()
    const file = join(folder.path, 'a.sqrlx')
    writeFileSync(file, '')
    const app = new EventEmitter()
    const opened = setupOpenedFiles(app as never)
    const event = fakeEvent({})
    app.emit('open-file', event, '/early.sqrlx')
    app.emit('open-file', event, '/notes.txt')
    expect(event.preventDefault).toHaveBeenCalledTimes(2)
    const taken: string[] = []
    opened.listen((_ticket, path) => void taken.push(path))
    opened.offer(archiveAmong(['sqrl-lab', '--flag', file]))
    opened.offer(archiveAmong(['sqrl-lab', join(folder.path, 'none.sqrlx'), 'relative.sqrlx']))
    expect(taken).toEqual(['/early.sqrlx', file])
  })
})

describe('files that are dropped on a window', () => {
  it('are told to the shell with their places on the disk, unless the page made the drop up', async () => {
    let drop: ((event: unknown) => void) | undefined
    vi.stubGlobal('window', {
      addEventListener(name: string, listener: (event: unknown) => void) {
        if (name === 'drop') drop = listener
      },
    })
    await import('../../../src-main/preload.ts')
    vi.unstubAllGlobals()
    const files = [{ path: '/a.sqrlx' }, { path: '/b.sqrlx' }]
    drop?.({ isTrusted: false, dataTransfer: { files } })
    drop?.({ isTrusted: true, dataTransfer: null })
    expect(ipcRenderer.send).not.toHaveBeenCalled()
    drop?.({ isTrusted: true, dataTransfer: { files } })
    expect(ipcRenderer.send).toHaveBeenCalledExactlyOnceWith('dropped-files', ['/a.sqrlx', '/b.sqrlx'])
  })

  it('are imported where they are archives and an own page says so', () => {
    using folder = temporaryFolder()
    const archive = join(folder.path, 'a.sqrlx')
    const text = join(folder.path, 'notes.txt')
    for (const file of [archive, text]) writeFileSync(file, '')
    const ipc = new EventEmitter()
    const offered = vi.fn()
    setupDroppedFiles(ipc as never, (file) => file !== null && offered(file))
    const own = { url: 'app://lab/runs', parent: null }
    ipc.emit('dropped-files', { senderFrame: { ...own, url: 'https://elsewhere.org/' } }, [archive])
    ipc.emit('dropped-files', { senderFrame: { ...own, parent: own } }, [archive])
    ipc.emit('dropped-files', { senderFrame: null }, [archive])
    ipc.emit('dropped-files', { senderFrame: own }, [archive, 7])
    ipc.emit('dropped-files', { senderFrame: own }, 'all')
    expect(offered).not.toHaveBeenCalled()
    ipc.emit('dropped-files', { senderFrame: own }, [text, join(folder.path, 'none.sqrlx'), archive])
    expect(offered).toHaveBeenCalledExactlyOnceWith(archive)
  })
})

describe('setupCrashDialog()', () => {
  it('says what happened, saves a bundle when asked and loads a dead page again', async () => {
    using folder = temporaryFolder()
    const app = Object.assign(new EventEmitter(), { getPath: () => folder.path, quit: vi.fn() })
    const before = process.listeners('uncaughtException')
    const log = vi.fn()
    setupCrashDialog(app as never, { log, logFolder: folder.path, labFolder: () => folder.path })
    for (const listener of process.listeners('uncaughtException'))
      if (!before.includes(listener)) process.off('uncaughtException', listener)
    const bundle = join(folder.path, 'bundle.zip')
    dialog.showSaveDialog.mockResolvedValue({ filePath: bundle, canceled: false })
    dialog.showMessageBox.mockResolvedValueOnce({ response: 1 }).mockResolvedValueOnce({ response: 0 })
    const window = new FakeWindow()
    app.emit('render-process-gone', {}, window.webContents, { reason: 'clean-exit', exitCode: 0 })
    expect(dialog.showMessageBox).not.toHaveBeenCalled()
    app.emit('render-process-gone', {}, window.webContents, { reason: 'oom', exitCode: 9 })
    await vi.waitFor(() => expect(window.webContents.reload).toHaveBeenCalledOnce(), { timeout: 30_000 })
    expect(dialog.showMessageBox.mock.calls[0]?.[0]).toMatchObject({
      message: 'A window of SQRL Lab stopped',
    })
    expect(log).toHaveBeenCalledOnce()
    expect(readFileSync(bundle).subarray(0, 2).toString()).toBe('PK')
  })
})
