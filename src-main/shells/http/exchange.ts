import { randomBytes } from 'node:crypto'
import { createReadStream, createWriteStream, mkdirSync, rmSync, statfsSync, statSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Desk } from '../../api/desk.ts'
import { LabError } from '../../lab/errors.ts'

/** Where files lie that a browser is to fetch or has sent; inside the lab's folder, on a disk that is large enough for it. */
const folderName = 'exchange'
const path = '/files'

export interface Exchange {
  desk: Desk
  /** True if it took the request, which is to be let through by the guard first. */
  answer(request: IncomingMessage, response: ServerResponse): Promise<boolean>
  close(): void
}

/** Hands files to browsers and takes them, each under a ticket that holds once. */
export function openExchange(labFolder: string): Exchange {
  const folder = join(labFolder, folderName)
  // What another server left behind when it was killed.
  rmSync(folder, { recursive: true, force: true })
  const offered = new Map<string, { file: string; name: string }>()
  const sent = new Map<string, string>()

  const place = () => {
    mkdirSync(folder, { recursive: true })
    const ticket = randomBytes(24).toString('base64url')
    return { ticket, file: join(folder, ticket) }
  }

  const desk: Desk = {
    kind: 'browser',
    async chooseTarget(_kind, suggestedName) {
      const { ticket, file } = place()
      const finish = () => {
        offered.set(ticket, { file, name: suggestedName })
        return ticket
      }
      return { file, finish }
    },
    async chooseSource(ticket) {
      const file = ticket === null ? undefined : sent.get(ticket)
      if (ticket === null || file === undefined)
        throw new LabError('NOT_FOUND', 'The file that was sent is gone. Send it again.')
      sent.delete(ticket)
      return { file, release: () => rmSync(file, { force: true }) }
    },
    openLab: () =>
      Promise.reject(
        new LabError(
          'CONFLICT',
          'A browser shows the lab that its server was started with. Start another: npm run lab -- serve --lab FOLDER',
        ),
      ),
  }

  async function give(ticket: string, response: ServerResponse): Promise<void> {
    const found = offered.get(ticket)
    if (found === undefined) {
      response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' })
      response.end('This file has been fetched already. Make it again.')
      return
    }
    offered.delete(ticket)
    response.writeHead(200, {
      'content-type': 'application/octet-stream',
      'content-length': statSync(found.file).size,
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(found.name)}`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    })
    try {
      await pipeline(createReadStream(found.file), response)
    } catch (error) {
      // A browser that goes away in the middle is no fault of the lab's.
      if (!response.destroyed) throw error
    } finally {
      rmSync(found.file, { force: true })
    }
  }

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
      response.end(JSON.stringify(body))
    }
    const bytes = Number(request.headers['content-length'] ?? Number.NaN)
    if (!Number.isSafeInteger(bytes) || bytes <= 0) return answer(411, { message: 'The file has no length.' })
    const { bavail, bsize } = statfsSync(labFolder)
    if (bytes > bavail * bsize)
      return answer(413, { message: 'There is not enough room on the lab’s disk for this file.' })
    const { ticket, file } = place()
    try {
      await pipeline(request, createWriteStream(file, { flags: 'wx', mode: 0o600 }))
    } catch (error) {
      rmSync(file, { force: true })
      throw error
    }
    sent.set(ticket, file)
    answer(200, { ticket })
  }

  return {
    desk,
    async answer(request, response) {
      const [asked = ''] = (request.url ?? '').split('?')
      if (request.method === 'POST' && asked === path) await take(request, response)
      else if (request.method === 'GET' && asked.startsWith(`${path}/`))
        await give(asked.slice(path.length + 1), response)
      else return false
      return true
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  }
}
