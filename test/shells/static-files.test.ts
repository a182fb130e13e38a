import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, sep } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  contentSecurityPolicy,
  contentType,
  resolveStaticFile,
  staticFileHeaders,
} from '../../src-main/shells/static-files.ts'

let folder: string
let root: string

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'static-files-')))
  root = join(folder, 'renderer')
  mkdirSync(join(root, 'assets'), { recursive: true })
  mkdirSync(join(root, 'folder.js'))
  // A neighbour whose name begins like the root's: a bare prefix test would let it through.
  mkdirSync(join(folder, 'renderer-secrets'))
  writeFileSync(join(root, 'index.html'), 'page')
  writeFileSync(join(root, '.env'), 'hidden')
  writeFileSync(join(root, 'assets', 'main-B3x_9.js'), 'script')
  writeFileSync(join(folder, 'secret.txt'), 'secret')
  writeFileSync(join(folder, 'renderer-secrets', 'key.txt'), 'secret')
  if (process.platform !== 'win32') {
    symlinkSync(join(folder, 'secret.txt'), join(root, 'link.txt'))
    symlinkSync(join(folder, 'renderer-secrets'), join(root, 'linked'))
    symlinkSync(join(root, 'assets', 'main-B3x_9.js'), join(root, 'inner.js'))
  }
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('static files', () => {
  describe('resolveStaticFile()', () => {
    it('finds a file of the build', () => {
      expect(resolveStaticFile(root, '/assets/main-B3x_9.js')).toBe(join(root, 'assets', 'main-B3x_9.js'))
      expect(resolveStaticFile(root, '/index.html?token=1#top')).toBe(join(root, 'index.html'))
    })

    it('gives the page for the root and for routes of the app', () => {
      for (const path of ['/', '/runs', '/runs/12', '/?token=abc']) {
        expect(resolveStaticFile(root, path)).toBe(join(root, 'index.html'))
      }
    })

    it('gives null for a file that is not there and for a folder', () => {
      expect(resolveStaticFile(root, '/assets/none.js')).toBeNull()
      expect(resolveStaticFile(root, '/folder.js')).toBeNull()
      expect(resolveStaticFile(join(folder, 'nowhere'), '/')).toBeNull()
    })

    it.each([
      '',
      'index.html',
      '//secret.txt',
      '/../secret.txt',
      '/..%2fsecret.txt',
      '/%2e%2e/secret.txt',
      '/%252e%252e/secret.txt',
      '/assets/..%5c..%5csecret.txt',
      '/assets/../../renderer-secrets/key.txt',
      '/%2e%2e%2frenderer-secrets%2fkey.txt',
      '/C:/Windows/win.ini',
      '/%5c%5cserver%5cshare%5cfile.txt',
      '/index.html%00.png',
      '/index.html::$DATA',
      '/.env',
      '/%E0%A4%A.html',
      '/assets//main-B3x_9.js',
    ])('refuses %j', (path) => {
      expect(resolveStaticFile(root, path)).toBeNull()
    })

    it.skipIf(process.platform === 'win32')('follows links only inside the root', () => {
      expect(resolveStaticFile(root, '/link.txt')).toBeNull()
      expect(resolveStaticFile(root, '/linked/key.txt')).toBeNull()
      expect(resolveStaticFile(root, '/inner.js')).toBe(join(root, 'assets', 'main-B3x_9.js'))
    })

    it('stays inside the root for 5,000 hostile paths', () => {
      const part = fc.oneof(
        fc.constantFrom(
          '..',
          '.',
          '...',
          '%2e%2e',
          '%2E.',
          '..%2f',
          '..%5c',
          '\\..\\',
          '%00',
          'C:',
          '//',
          '~',
        ),
        fc.constantFrom(
          'secret.txt',
          'renderer-secrets',
          'key.txt',
          'link.txt',
          'linked',
          'assets',
          'index.html',
          'NUL',
        ),
        fc.string({ unit: 'binary', maxLength: 6 }),
      )
      const path = fc.tuple(
        fc.constantFrom('/', '', '\\', '/%2f'),
        fc.array(part, { maxLength: 8 }),
        fc.constantFrom('/', '\\', '%2f', ''),
      )
      fc.assert(
        fc.property(path, ([start, parts, separator]) => {
          const file = resolveStaticFile(root, start + parts.join(separator))
          return file === null || file.startsWith(root + sep)
        }),
        { numRuns: 5000, seed: 3 },
      )
    })
  })

  describe('contentType()', () => {
    it('knows what the build writes and calls the rest bytes', () => {
      expect(contentType('/a/b.JS')).toBe('text/javascript; charset=utf-8')
      expect(contentType('mujoco.wasm')).toBe('application/wasm')
      expect(contentType('model.onnx')).toBe('application/octet-stream')
    })
  })

  describe('staticFileHeaders()', () => {
    it('carries the policy, which allows no inline script and no other host', () => {
      const headers = staticFileHeaders('index.html')
      expect(headers['Content-Security-Policy']).toBe(contentSecurityPolicy)
      expect(headers['X-Content-Type-Options']).toBe('nosniff')
      expect(contentSecurityPolicy).toContain("default-src 'none'")
      expect(contentSecurityPolicy).not.toMatch(/unsafe-inline|'unsafe-eval'|https?:|\*/)
    })
  })
})
