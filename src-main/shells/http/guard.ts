import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** Who may talk to the server: someone who was given its address, from a page that the server itself sent. */
export interface Guard {
  /** 256 bits, base64url. */
  readonly token: string
  readonly cookieName: string
  /** True if the Host header names this server. A foreign name that resolves to the loopback (DNS rebinding) does not. */
  isOwnHost(request: IncomingMessage): boolean
  /** True if the request comes from a page of the same host and port as the one it asks. */
  isOwnOrigin(request: IncomingMessage): boolean
  hasSession(request: IncomingMessage): boolean
  isToken(candidate: string | null): boolean
}

export function createGuard(port: number, token = randomBytes(32).toString('base64url')): Guard {
  const hosts = new Set([`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`])
  // Cookies know no ports: the port in the name lets two labs be open side by side.
  const cookieName = `sqrl-lab-${port}`
  const isToken = (candidate: string | null) => candidate !== null && isSame(candidate, token)
  return {
    token,
    cookieName,
    isToken,
    isOwnHost: (request) => hosts.has(request.headers.host ?? ''),
    isOwnOrigin: (request) =>
      hosts.has(request.headers.host ?? '') && request.headers.origin === `http://${request.headers.host}`,
    hasSession: (request) => isToken(readCookie(request.headers.cookie ?? '', cookieName)),
  }
}

function readCookie(header: string, name: string): string | null {
  for (const pair of header.split(';')) {
    const equals = pair.indexOf('=')
    if (equals > 0 && pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim()
  }
  return null
}

/** Hashed first: neither length nor content shows in the time it takes. */
function isSame(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}
