import { EventEmitter } from 'node:events'
import fc from 'fast-check'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { FakeWebContents, fakeEvent } from './fake-electron.ts'

const openExternal = vi.hoisted(() => vi.fn(async () => {}))
vi.mock('electron', () => ({ shell: { openExternal }, protocol: {} }))
const { isAllowedOutside, isOwnPage, setupNavigationGuards, setupNetworkBlock, setupPermissions } =
  await import('../../../src-main/shells/electron/guards.ts')

const foreign = [
  'https://example.com/',
  'http://localhost:5173/',
  'file:///etc/passwd',
  'app://other/',
  'app://lab@evil.example/',
  'app://user:word@lab/',
  'APP://lab.evil.example/',
  'javascript:alert(1)',
  'data:text/html,hello',
  'blob:https://example.com/1',
  'about:blank',
  'chrome://gpu',
  '',
]

/** The contents of a new window, guarded. */
function guardedContents() {
  const app = new EventEmitter()
  setupNavigationGuards(app as never)
  const contents = new FakeWebContents()
  app.emit('web-contents-created', {}, contents)
  return contents
}

beforeEach(() => openExternal.mockClear())

describe('guards', () => {
  describe('setupNavigationGuards()', () => {
    it.each(foreign)('does not let a page go to %j', (url) => {
      const contents = guardedContents()
      const events = {
        'will-navigate': fakeEvent({ url }),
        'will-frame-navigate': fakeEvent({ url, isMainFrame: true }),
      }
      for (const [name, event] of Object.entries(events)) {
        contents.emit(name, event)
        expect(event.preventDefault, name).toHaveBeenCalledOnce()
      }
    })

    it('lets the app go to its own pages, but not inside a frame', () => {
      const contents = guardedContents()
      const own = fakeEvent({ url: 'app://lab/runs/1', isMainFrame: true })
      contents.emit('will-navigate', own)
      contents.emit('will-frame-navigate', own)
      expect(own.preventDefault).not.toHaveBeenCalled()
      const framed = fakeEvent({ url: 'app://lab/', isMainFrame: false })
      contents.emit('will-frame-navigate', framed)
      expect(framed.preventDefault).toHaveBeenCalledOnce()
    })

    it.each(['will-redirect', 'will-attach-webview'])('refuses every %s', (name) => {
      const event = fakeEvent({ url: 'app://lab/' })
      guardedContents().emit(name, event)
      expect(event.preventDefault).toHaveBeenCalledOnce()
    })

    it('opens no window; a link to a known site goes to the user’s browser', () => {
      const [handler] = guardedContents().setWindowOpenHandler.mock.calls[0] ?? []
      expect(handler({ url: 'https://arxiv.org/abs/2010.14603' })).toEqual({ action: 'deny' })
      expect(openExternal).toHaveBeenCalledExactlyOnceWith('https://arxiv.org/abs/2010.14603')
      for (const url of foreign) expect(handler({ url })).toEqual({ action: 'deny' })
      expect(openExternal).toHaveBeenCalledOnce()
    })
  })

  describe('isAllowedOutside()', () => {
    it.each([
      'http://arxiv.org/',
      'https://arxiv.org.evil.example/',
      'https://arxiv.org@evil.example/',
      'https://user@arxiv.org/',
      'https://arxiv.org:444/',
      'ftp://arxiv.org/',
    ])('refuses %j', (url) => {
      expect(isAllowedOutside(url)).toBe(false)
    })

    it('lets nothing but the listed origins out of 2,000 addresses', () => {
      fc.assert(
        fc.property(fc.oneof(fc.webUrl(), fc.string(), fc.constantFrom(...foreign)), (url) => {
          return !isAllowedOutside(url) || /^https:\/\/(arxiv\.org|github\.com)(\/|$|\?|#)/.test(url)
        }),
        { numRuns: 2000, seed: 5 },
      )
    })
  })

  describe('isOwnPage()', () => {
    it('knows the app by scheme and host', () => {
      expect(isOwnPage('app://lab/runs?x=1#y')).toBe(true)
      for (const url of foreign) expect(isOwnPage(url), url).toBe(false)
    })
  })

  describe('setupPermissions()', () => {
    const session = {
      setPermissionRequestHandler: vi.fn(),
      setPermissionCheckHandler: vi.fn(),
      setDevicePermissionHandler: vi.fn(),
    }
    setupPermissions(session as never)
    const [requestHandler] = session.setPermissionRequestHandler.mock.calls[0] ?? []
    const [checkHandler] = session.setPermissionCheckHandler.mock.calls[0] ?? []
    const [deviceHandler] = session.setDevicePermissionHandler.mock.calls[0] ?? []
    const isGranted = (permission: string, url: string, isMainFrame: boolean) => {
      let answer: unknown
      requestHandler({}, permission, (granted: unknown) => (answer = granted), {
        requestingUrl: url,
        isMainFrame,
      })
      const checked: unknown = checkHandler({}, permission, url, { isMainFrame })
      expect(checked).toBe(answer)
      return answer
    }

    it.each([
      'clipboard-read',
      'media',
      'display-capture',
      'geolocation',
      'midi',
      'midiSysex',
      'pointerLock',
      'keyboardLock',
      'fullscreen',
      'openExternal',
      'fileSystem',
      'hid',
      'serial',
      'usb',
      'idle-detection',
      'window-management',
      'speaker-selection',
      'storage-access',
      'top-level-storage-access',
      'mediaKeySystem',
      'unknown',
    ])('refuses %s', (permission) => {
      expect(isGranted(permission, 'app://lab/', true)).toBe(false)
    })

    it('lets the app itself show notifications, and nobody else', () => {
      expect(isGranted('notifications', 'app://lab/', true)).toBe(true)
      expect(isGranted('notifications', 'app://lab/', false)).toBe(false)
      expect(isGranted('notifications', 'https://example.com/', true)).toBe(false)
    })

    it('lets the app itself write text to the clipboard, and nobody else', () => {
      expect(isGranted('clipboard-sanitized-write', 'app://lab/', true)).toBe(true)
      expect(isGranted('clipboard-sanitized-write', 'app://lab/', false)).toBe(false)
      expect(isGranted('clipboard-sanitized-write', 'https://example.com/', true)).toBe(false)
    })

    it('gives no device', () => {
      expect(deviceHandler({ deviceType: 'usb' })).toBe(false)
    })
  })

  describe('setupNetworkBlock()', () => {
    it('cancels whatever leaves the app', () => {
      const onBeforeRequest = vi.fn()
      setupNetworkBlock({ webRequest: { onBeforeRequest } } as never)
      const [, handler] = onBeforeRequest.mock.calls[0] ?? []
      const isCancelled = (url: string) => {
        const respond = vi.fn()
        handler({ url }, respond)
        return respond.mock.calls[0]?.[0].cancel
      }
      expect(isCancelled('app://lab/index.html')).toBe(false)
      expect(isCancelled('blob:app://lab/1')).toBe(false)
      for (const url of [
        'https://example.com/',
        'ws://127.0.0.1:9/',
        'file:///etc/passwd',
        'ftp://example.com/',
      ]) {
        expect(isCancelled(url), url).toBe(true)
      }
    })
  })
})
