import { readFile } from 'node:fs/promises'
import { protocol, type Session } from 'electron'
import { resolveStaticFile, staticFileHeaders } from '../static-files.ts'

export const appOrigin = 'app://lab'

/** Electron takes schemes only before it is ready. `standard` gives the pages an origin, `secure` lets them use workers and WebAssembly. */
export function setupAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ])
}

/** Serves the built pages, and nothing else, under app://lab/. */
export function setupAppProtocol(session: Session, rendererFolder: string): void {
  session.protocol.handle('app', (request) => answer(request, rendererFolder))
}

async function answer(request: Request, rendererFolder: string): Promise<Response> {
  const url = new URL(request.url)
  if (url.host !== new URL(appOrigin).host) return new Response(null, { status: 404 })
  if (request.method !== 'GET') return new Response(null, { status: 405 })
  const file = resolveStaticFile(rendererFolder, url.pathname)
  if (file === null) return new Response(null, { status: 404 })
  return new Response(new Uint8Array(await readFile(file)), { headers: staticFileHeaders(file) })
}
