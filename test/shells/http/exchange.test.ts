import { existsSync, readdirSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createRouterClient } from '@orpc/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRouter } from '../../../src-main/api/router.ts'
import { type Lab, openLab } from '../../../src-main/lab/lab.ts'
import { type Exchange, openExchange } from '../../../src-main/shells/http/exchange.ts'
import { type RunningServer, startServer } from '../../../src-main/shells/http/server.ts'
import { fillLab } from '../../lab/archive-fixtures.ts'
import { type Answer, ask } from './requests.ts'

let folder: string
let lab: Lab
let server: RunningServer
let port: number
let cookie: string

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sqrl-lab-exchange-'))
  await mkdir(path.join(folder, 'pages'))
  await writeFile(path.join(folder, 'pages', 'index.html'), '<title>the page</title>')
  await fillLab(path.join(folder, 'lab'))
  lab = await openLab(path.join(folder, 'lab'), { train: false })
  server = await startServer(lab, { staticFolder: path.join(folder, 'pages') })
  const url = new URL(server.url)
  port = Number(url.port)
  cookie = `sqrl-lab-${port}=${url.searchParams.get('token')}`
})

afterAll(async () => {
  await server.close()
  await lab.close()
  await rm(folder, { recursive: true })
})

const uploads = () => path.join(folder, 'lab', 'exchange')

function post(headers: Record<string, string>, body: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const length = { 'content-length': String(Buffer.byteLength(body)) }
    const options = { host: '127.0.0.1', port, path: '/files', method: 'POST', agent: false }
    const asked = request({ ...options, headers: { ...length, ...headers } }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part) => {
        text += part
      })
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
      )
    })
    asked.on('error', reject)
    asked.end(body)
  })
}

describe('a file sent to the server', () => {
  const host = () => `127.0.0.1:${port}`
  const own = () => ({ host: host(), origin: `http://${host()}`, cookie })

  it('is taken from a page of the server with a session, and gets a ticket', async () => {
    const answer = await post(own(), 'content')
    expect(answer.status).toBe(200)
    expect(JSON.parse(answer.body)).toEqual({ ticket: expect.stringMatching(/^[\w-]{32}$/) })
    expect(readdirSync(uploads())).toHaveLength(1)
  })

  it('is refused from anyone else', async () => {
    const before = readdirSync(uploads())
    const { origin, ...withoutOrigin } = own()
    expect(origin).toBeDefined()
    expect((await post(withoutOrigin, 'x')).status).toBe(403)
    expect((await post({ ...own(), origin: 'http://evil.example' }, 'x')).status).toBe(403)
    expect((await post({ ...own(), origin: 'null' }, 'x')).status).toBe(403)
    expect((await post({ ...own(), host: 'evil.example' }, 'x')).status).toBe(403)
    expect((await post({ ...own(), cookie: `sqrl-lab-${port}=${'A'.repeat(43)}` }, 'x')).status).toBe(401)
    expect((await post({ host: host(), origin: `http://${host()}` }, 'x')).status).toBe(401)
    expect(readdirSync(uploads())).toEqual(before)
  })

  it('needs a length, and a disk that can hold it', async () => {
    expect((await post({ ...own(), 'content-length': '0' }, '')).status).toBe(411)
    const answer = await new Promise<number>((resolve, reject) => {
      const headers = { ...own(), 'content-length': String(2 ** 50) }
      const asked = request(
        { host: '127.0.0.1', port, path: '/files', method: 'POST', headers, agent: false },
        (response) => {
          response.resume()
          resolve(response.statusCode ?? 0)
          asked.destroy()
        },
      )
      asked.on('error', reject)
      asked.write('x')
    })
    expect(answer).toBe(413)
  })

  it('is sent nowhere else', async () => {
    expect((await ask(port, '/runs', own(), 'POST')).status).toBe(405)
    expect((await ask(port, '/files/x', own(), 'POST')).status).toBe(405)
  })

  it('is fetched only with a session and a ticket that is known', async () => {
    expect((await ask(port, `/files/${'A'.repeat(32)}`, { host: host() })).status).toBe(401)
    expect((await ask(port, `/files/${'A'.repeat(32)}`, { host: host(), cookie })).status).toBe(404)
    expect((await ask(port, '/files/..%2flab.sqlite', { host: host(), cookie })).status).toBe(404)
    expect((await ask(port, '/files/../lab.sqlite', { host: host(), cookie })).status).toBe(404)
  })
})

describe('the exchange of a browser', () => {
  async function withExchange(
    use: (exchange: Exchange, client: ReturnType<typeof connect>) => Promise<void>,
  ) {
    const other = path.join(folder, `other-${Math.random()}`)
    await mkdir(other)
    const exchange = openExchange(other)
    await use(exchange, connect(exchange))
    exchange.close()
    expect(existsSync(path.join(other, 'exchange'))).toBe(false)
  }
  const connect = (exchange: Exchange) => createRouterClient(createRouter(lab, exchange.desk))

  it('reports how an export goes, and at its end the ticket', () =>
    withExchange(async (_exchange, client) => {
      const seen: string[] = []
      let last: unknown = null
      for await (const progress of await client.files.exportExperiment({ id: 1 })) {
        seen.push(progress.type)
        last = progress
      }
      expect(seen.at(-1)).toBe('written')
      expect(last).toMatchObject({
        name: 'SQRL across the lava.sqrlx',
        ticket: expect.stringMatching(/^[\w-]{32}$/),
      })
    }))

  it('cancels what nobody waits for any more', () =>
    withExchange(async (exchange, client) => {
      const leaving = new AbortController()
      const stream = await client.files.backUp(undefined, { signal: leaving.signal })
      leaving.abort()
      await expect(
        (async () => {
          for await (const progress of stream) expect(progress.type).toBe('progress')
        })(),
      ).rejects.toThrow('cancelled')
      expect(exchange.desk.kind).toBe('browser')
    }))

  it('knows no file under a ticket that it did not give', () =>
    withExchange(async (_exchange, client) => {
      const stream = await client.files.importExperiment({ ticket: 'A'.repeat(32) })
      await expect(stream.next()).rejects.toThrow('Send it again')
    }))

  it('opens no other lab', () =>
    withExchange(async (_exchange, client) => {
      await expect(client.lab.openAnother({ how: 'open' })).rejects.toThrow('serve --lab')
    }))
})
