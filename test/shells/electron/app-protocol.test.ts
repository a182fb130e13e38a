import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

const registerSchemesAsPrivileged = vi.hoisted(() => vi.fn())
vi.mock('electron', () => ({ protocol: { registerSchemesAsPrivileged } }))
const { setupAppProtocol, setupAppScheme } = await import('../../../src-main/shells/electron/app-protocol.ts')

let root: string
let handle: (request: Request) => Promise<Response>

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'app-protocol-'))
  writeFileSync(join(root, 'index.html'), '<!doctype html>')
  writeFileSync(join(root, 'engine.wasm'), Uint8Array.of(0, 97, 115, 109))
  const session = {
    protocol: {
      handle: (scheme: string, handler: typeof handle) => {
        expect(scheme).toBe('app')
        handle = handler
      },
    },
  }
  setupAppProtocol(session as never, root)
})

afterAll(() => rmSync(root, { recursive: true, force: true }))

describe('app protocol', () => {
  it('registers a standard, secure scheme that bypasses no policy', () => {
    setupAppScheme()
    const [[scheme]] = registerSchemesAsPrivileged.mock.calls[0] ?? [[]]
    expect(scheme).toMatchObject({ scheme: 'app', privileges: { standard: true, secure: true } })
    expect(scheme.privileges).not.toHaveProperty('bypassCSP')
    expect(scheme.privileges).not.toHaveProperty('corsEnabled')
  })

  it('serves the page with its policy', async () => {
    const response = await handle(new Request('app://lab/runs/1'))
    expect(response.status).toBe(200)
    expect(await response.text()).toBe('<!doctype html>')
    expect(response.headers.get('Content-Type')).toBe('text/html; charset=utf-8')
    expect(response.headers.get('Content-Security-Policy')).toContain("default-src 'none'")
  })

  it('serves WebAssembly as such, byte for byte', async () => {
    const response = await handle(new Request('app://lab/engine.wasm'))
    expect(response.headers.get('Content-Type')).toBe('application/wasm')
    expect([...(await response.bytes())]).toEqual([0, 97, 115, 109])
  })

  it.each([
    ['app://other/index.html', 'GET', 404],
    ['app://lab/none.js', 'GET', 404],
    ['app://lab/%2e%2e%2fsecret.txt', 'GET', 404],
    ['app://lab/index.html', 'POST', 405],
  ])('refuses %s %s', async (url, method, status) => {
    expect((await handle(new Request(url, { method }))).status).toBe(status)
  })
})
