import { beforeEach, describe, expect, it, vi } from 'vitest'
import { FakeWindow, fakeEvent } from './fake-electron.ts'

vi.mock('electron', async () => {
  const fakes = await import('./fake-electron.ts')
  return {
    BrowserWindow: fakes.FakeWindow,
    nativeTheme: { shouldUseDarkColors: true },
    protocol: {},
    screen: { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] },
  }
})
const { openWindow, showOpenWindow, windowOptions } = await import(
  '../../../src-main/shells/electron/windows.ts'
)

beforeEach(() => {
  FakeWindow.all = []
})

describe('windows', () => {
  describe('windowOptions', () => {
    it('keeps pages sandboxed, isolated and without Node', () => {
      expect(windowOptions.webPreferences).toMatchObject({
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        nodeIntegrationInWorker: false,
        nodeIntegrationInSubFrames: false,
        webSecurity: true,
        allowRunningInsecureContent: false,
        experimentalFeatures: false,
        webviewTag: false,
      })
      expect(windowOptions.webPreferences?.preload).toMatch(/preload\.cjs$/)
    })
  })

  describe('openWindow()', () => {
    it('loads the app over its own scheme and shows it once painted', async () => {
      await openWindow(() => {})
      const [window] = FakeWindow.all
      expect(window?.loadURL).toHaveBeenCalledWith('app://lab/')
      expect(window?.show).not.toHaveBeenCalled()
      window?.emit('ready-to-show')
      expect(window?.show).toHaveBeenCalledOnce()
    })

    it('reports every load, so that a reloaded page gets a new port', async () => {
      const onLoaded = vi.fn()
      await openWindow(onLoaded)
      const [window] = FakeWindow.all
      window?.webContents.emit('did-finish-load')
      window?.webContents.emit('did-finish-load')
      expect(onLoaded).toHaveBeenCalledTimes(2)
      expect(onLoaded).toHaveBeenCalledWith(window)
    })

    it('leaves the title to the shell', async () => {
      await openWindow(() => {})
      const event = fakeEvent({})
      FakeWindow.all[0]?.emit('page-title-updated', event)
      expect(event.preventDefault).toHaveBeenCalledOnce()
    })
  })

  describe('showOpenWindow()', () => {
    it('is false without a window', () => {
      expect(showOpenWindow()).toBe(false)
    })

    it('restores and focuses the window that is there', async () => {
      await openWindow(() => {})
      const [window] = FakeWindow.all
      window?.isMinimized.mockReturnValue(true)
      expect(showOpenWindow()).toBe(true)
      expect(window?.restore).toHaveBeenCalledOnce()
      expect(window?.focus).toHaveBeenCalledOnce()
    })
  })
})
