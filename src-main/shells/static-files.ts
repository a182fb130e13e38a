import { realpathSync, statSync } from 'node:fs'
import { extname, isAbsolute, join, relative, sep } from 'node:path'

/**
 * What a page of the lab may load: its own files, and WebAssembly (the simulator and the physics of the replay).
 * `data:` and `blob:` pictures and `blob:` workers are made by the pages themselves.
 */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

const contentTypes: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
  '.xml': 'text/xml; charset=utf-8',
}

export function contentType(path: string): string {
  return contentTypes[extname(path).toLowerCase()] ?? 'application/octet-stream'
}

/** The headers of every file that a shell serves. */
export function staticFileHeaders(path: string): Record<string, string> {
  return {
    'Content-Type': contentType(path),
    'Content-Security-Policy': contentSecurityPolicy,
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
  }
}

/** Names as the build writes them; leaves out dot files, `..`, drive letters, backslashes, NUL and whatever is still encoded. */
const segmentPattern = /^[\w@-][\w@.-]*$/

/**
 * The file below `root` that the path of a URL names, or null. A path whose last part has no dot is a route of the app and gets `index.html`.
 * Links are followed only to where they stay inside `root`.
 */
export function resolveStaticFile(root: string, urlPath: string): string | null {
  const segments = decodeSegments(urlPath)
  if (!segments) return null
  const last = segments.at(-1)
  const isRoute = last === undefined || !last.includes('.')
  return fileInside(root, isRoute ? ['index.html'] : segments)
}

function decodeSegments(urlPath: string): string[] | null {
  const [path = ''] = urlPath.split(/[?#]/, 1)
  if (!path.startsWith('/')) return null
  const encoded = path.slice(1)
  if (encoded === '') return []
  try {
    // Cut before decoding: an encoded slash is part of a name, and no name of ours has one.
    const segments = encoded.split('/').map(decodeURIComponent)
    return segments.every((segment) => segmentPattern.test(segment)) ? segments : null
  } catch {
    return null
  }
}

function fileInside(root: string, segments: string[]): string | null {
  try {
    const realRoot = realpathSync(root)
    const realPath = realpathSync(join(realRoot, ...segments))
    const way = relative(realRoot, realPath)
    const isInside = way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
    return isInside && statSync(realPath).isFile() ? realPath : null
  } catch {
    return null
  }
}
