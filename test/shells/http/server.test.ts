import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Lab } from '../../../src-main/lab/lab.ts'
import { type RunningServer, startServer } from '../../../src-main/shells/http/server.ts'
import { openTestLab } from '../../lab/test-lab.ts'
import { ask, upgrade } from './requests.ts'

const secret = 'what must stay outside'
let folder: string
let lab: Lab
let server: RunningServer
let port: number
let token: string
let cookie: string

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sqrl-lab-http-'))
  await mkdir(path.join(folder, 'pages', 'assets'), { recursive: true })
  await writeFile(path.join(folder, 'pages', 'index.html'), '<title>the page</title>')
  await writeFile(path.join(folder, 'pages', 'assets', 'app.js'), 'run()')
  await writeFile(path.join(folder, 'secret.html'), secret)
  lab = await openTestLab(path.join(folder, 'lab'), { train: false })
  server = await startServer(lab, { staticFolder: path.join(folder, 'pages') })
  const url = new URL(server.url)
  port = Number(url.port)
  token = url.searchParams.get('token') ?? ''
  cookie = `sqrl-lab-${port}=${token}`
})

afterAll(async () => {
  await server.close()
  await lab.close()
  await rm(folder, { recursive: true })
})

const own = () => ({ host: `127.0.0.1:${port}`, cookie })

describe('startServer()', () => {
  it('listens on the loopback and hands out 256 bits', () => {
    expect(new URL(server.url).hostname).toBe('127.0.0.1')
    expect(Buffer.from(token, 'base64url')).toHaveLength(32)
  })

  it('turns the token of the address into a session, once, and leaves it out of the address', async () => {
    const answer = await ask(port, `/?token=${token}`, { host: `localhost:${port}` })
    expect(answer.status).toBe(303)
    expect(answer.headers.location).toBe('/')
    expect(answer.headers['set-cookie']).toEqual([`${cookie}; HttpOnly; SameSite=Strict; Path=/`])
  })

  it('serves the page at the address of every view', async () => {
    for (const view of ['/', '/runs', '/runs/12', '/runs?filter=sac']) {
      const answer = await ask(port, view, own())
      expect(answer.status, view).toBe(200)
      expect(answer.body, view).toContain('the page')
    }
  })

  it('sends the policy and nosniff with every answer', async () => {
    for (const view of ['/', '/assets/app.js', '/missing.js']) {
      const { headers } = await ask(port, view, own())
      expect(headers['content-security-policy'], view).toContain("default-src 'none'")
      expect(headers['content-security-policy'], view).not.toContain('unsafe-inline')
      expect(headers['x-content-type-options'], view).toBe('nosniff')
    }
  })

  it('answers nothing but GET and HEAD', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS'])
      expect((await ask(port, '/', own(), method)).status, method).toBe(405)
    expect(await ask(port, '/', own(), 'HEAD')).toMatchObject({ status: 200, body: '' })
  })

  it('says which port is taken', async () => {
    const second = startServer(lab, { staticFolder: folder, port })
    await expect(second).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining(`${port}`),
    })
  })
})

const hostNames = ['127.0.0.1', 'localhost', '[::1]', 'evil.example', '127.0.0.1.evil.example', '0.0.0.0']
const isOwnName = (name: string) => hostNames.indexOf(name) < 3

describe('a request', () => {
  const ports = ['own', 'other', 'none']
  const sessions = ['right', 'wrong', 'none']

  it.each(
    hostNames.flatMap((name) => ports.flatMap((at) => sessions.map((session) => ({ name, at, session })))),
  )('from $name, $at port, $session session', async ({ name, at, session }) => {
    const suffix = at === 'none' ? '' : `:${at === 'own' ? port : port + 1}`
    const headers = { host: name + suffix, ...cookieOf(session) }
    const isAllowedHost = isOwnName(name) && at === 'own'
    const expected = isAllowedHost ? (session === 'right' ? 200 : 401) : 403
    expect((await ask(port, '/', headers)).status).toBe(expected)
    if (!isAllowedHost)
      expect((await ask(port, `/?token=${token}`, headers)).headers['set-cookie']).toBeUndefined()
  })
})

describe('an upgrade', () => {
  const origins = ['own', 'other port', 'https', 'evil', 'null', 'none']
  const cases = hostNames.flatMap((name) =>
    origins.flatMap((origin) => ['right', 'wrong', 'none'].map((session) => ({ name, origin, session }))),
  )

  it.each(cases)('to $name from origin $origin with $session session', async ({ name, origin, session }) => {
    const host = `${name}:${port}`
    const originOf: Record<string, string | undefined> = {
      own: `http://${host}`,
      'other port': `http://${name}:${port + 1}`,
      https: `https://${host}`,
      evil: 'http://evil.example',
      null: 'null',
    }
    const sent = originOf[origin]
    const headers = { host, ...(sent === undefined ? {} : { origin: sent }), ...cookieOf(session) }
    const isOwn = isOwnName(name) && origin === 'own'
    expect(await upgrade(port, headers)).toBe(isOwn ? (session === 'right' ? 101 : 401) : 403)
  })

  it('is let through at its own path alone', async () => {
    const headers = { ...own(), origin: `http://127.0.0.1:${port}` }
    expect(await upgrade(port, headers, '/')).toBe(404)
  })
})

describe('a path', () => {
  const steps = fc.constantFrom(
    '..',
    '.',
    '%2e%2e',
    '..%2f',
    '%2e%2e%5c',
    '..\\',
    'assets',
    'secret.html',
    '%00',
    '',
  )
  const hostile = fc.array(steps, { minLength: 1, maxLength: 8 }).map((parts) => `/${parts.join('/')}`)

  it('never leaves the folder of the pages', async () => {
    await fc.assert(
      fc.asyncProperty(hostile, async (asked) => {
        const { status, body } = await ask(port, asked, own())
        expect(body).not.toContain(secret)
        expect([200, 404]).toContain(status)
      }),
      { numRuns: 300 },
    )
  })
})

function cookieOf(session: string): Record<string, string> {
  if (session === 'none') return {}
  return { cookie: session === 'right' ? cookie : `sqrl-lab-${port}=${'A'.repeat(43)}` }
}
