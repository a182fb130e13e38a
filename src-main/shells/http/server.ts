import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import type { Duplex } from 'node:stream'
import { RPCHandler } from '@orpc/server/ws'
import { WebSocketServer } from 'ws'
import { createRouter } from '../../api/router.ts'
import { wireSerializers } from '../../contract/wire.ts'
import { LabError } from '../../lab/errors.ts'
import type { Lab } from '../../lab/lab.ts'
import { resolveStaticFile, staticFileHeaders } from '../static-files.ts'
import { type Exchange, openExchange } from './exchange.ts'
import { createGuard, type Guard } from './guard.ts'

export interface ServerOptions {
  /** Folder of the built renderer. */
  staticFolder: string
  /** 0: any free port. */
  port?: number
}

export interface RunningServer {
  /** Address to open, with the token that makes the browser's session. */
  url: string
  close(): Promise<void>
}

/** Serves the lab's windows to browsers of this machine. */
export async function startServer(lab: Lab, options: ServerOptions): Promise<RunningServer> {
  const server = createServer()
  const port = await listen(server, options.port ?? 0)
  const guard = createGuard(port)
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 4 * 1024 * 1024 })
  const exchange = openExchange(lab.folder)
  const rpc = new RPCHandler(createRouter(lab, exchange.desk), { customJsonSerializers: wireSerializers })

  server.on('request', (request, response) => {
    answer(request, response, guard, exchange, options.staticFolder).catch((error: unknown) => {
      console.error(`${request.method} ${request.url?.split('?')[0]} was not answered:`, error)
      if (!response.headersSent) send(response, 500, 'The lab could not read this file. Its log says why.')
      else response.destroy()
    })
  })
  server.on('upgrade', (request, socket, head) => {
    const refusal = whyNotUpgrade(request, guard)
    if (refusal !== null) return refuse(socket, refusal)
    sockets.handleUpgrade(request, socket, head, (webSocket) => void rpc.upgrade(webSocket))
  })

  return {
    url: `http://127.0.0.1:${port}/?token=${guard.token}`,
    async close() {
      for (const client of sockets.clients) client.close(1001, 'The lab closes.')
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
      exchange.close()
    },
  }
}

function listen(server: ReturnType<typeof createServer>, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const refuseToStart = (error: Error) => reject(toLabError(error, port))
    server.once('error', refuseToStart)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', refuseToStart)
      const { port: actualPort } = server.address() as AddressInfo
      resolve(actualPort)
    })
  })
}

function toLabError(error: Error, port: number): Error {
  const code = 'code' in error ? error.code : null
  if (code === 'EADDRINUSE')
    return new LabError(
      'CONFLICT',
      `Port ${port} is taken by another program. Choose another one, or 0 for any.`,
    )
  if (code === 'EACCES')
    return new LabError('CONFLICT', `Port ${port} may not be used here. Choose one above 1023, or 0 for any.`)
  return error
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  guard: Guard,
  exchange: Exchange,
  folder: string,
) {
  if (!guard.isOwnHost(request)) return send(response, 403, 'This address is not the lab’s.')
  // The path is taken as it came: URL would fold its dots away and hide a hostile one.
  const [urlPath = '/', query] = (request.url ?? '/').split('?')
  if (request.method === 'POST' && urlPath === '/files') {
    // Only a page of ours may change anything, so the origin counts here as it does for the WebSocket.
    if (!guard.isOwnOrigin(request)) return send(response, 403, 'This page is not the lab’s.')
    if (!guard.hasSession(request)) return send(response, 401, 'This browser has no session with the lab.')
    if (await exchange.answer(request, response)) return
  }
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return send(response, 405, 'Only GET is answered.')

  if (guard.isToken(new URLSearchParams(query).get('token'))) {
    const cookie = `${guard.cookieName}=${guard.token}; HttpOnly; SameSite=Strict; Path=/`
    return send(response, 303, '', { 'set-cookie': cookie, location: '/', 'cache-control': 'no-store' })
  }
  if (!guard.hasSession(request))
    return send(
      response,
      401,
      'This browser has no session with the lab. Open the address that the lab printed when it started.',
    )
  if (await exchange.answer(request, response)) return
  const file = resolveStaticFile(folder, urlPath)
  if (file === null) return send(response, 404, 'There is nothing at this address.')
  const body = await readFile(file)
  // Names of built assets change with their content; the page that names them is asked for anew.
  const isAsset = path.basename(path.dirname(file)) === 'assets'
  response.writeHead(200, {
    ...staticFileHeaders(file),
    'content-length': body.length,
    'cache-control': isAsset ? 'private, max-age=31536000, immutable' : 'no-store',
  })
  response.end(request.method === 'HEAD' ? undefined : body)
}

function send(response: ServerResponse, status: number, sentence: string, headers = {}) {
  response.writeHead(status, {
    ...staticFileHeaders('answer.txt'),
    'cache-control': 'no-store',
    ...headers,
  })
  response.end(sentence)
}

function whyNotUpgrade(request: IncomingMessage, guard: Guard): 403 | 401 | 404 | null {
  if (!guard.isOwnHost(request) || !guard.isOwnOrigin(request)) return 403
  if (!guard.hasSession(request)) return 401
  return request.url === '/rpc' ? null : 404
}

function refuse(socket: Duplex, status: 401 | 403 | 404) {
  const reasons = { 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found' }
  socket.end(`HTTP/1.1 ${status} ${reasons[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}
