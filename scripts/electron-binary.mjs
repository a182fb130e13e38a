import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fromRoot, isMain, node24, runMain, runQuietly, sayOnStdout } from './workshop.mjs'

const home = fromRoot('node_modules', 'electron')
const secondsWithoutHost = 15
const secondsToDownload = 600

/** Electron's program if it is on this disk, else null. */
export async function findElectron() {
  const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(home, 'dist')
  const program = await readFile(join(home, 'path.txt'), 'utf8').catch(() => undefined)
  const path = join(folder, program ?? 'electron')
  return existsSync(path) ? path : null
}

/** Electron's program, fetched first if need be. Its archive is no part of the npm package. Gives `{ path }` or `{ reason }`. */
export async function fetchElectron(say) {
  const present = await findElectron()
  if (present) return { path: present }
  say('Fetching Electron, once.')
  const host = downloadHost()
  const unreachable = new AbortController()
  const patience = setTimeout(async () => {
    if (!(await answers(host))) unreachable.abort()
  }, secondsWithoutHost * 1000)
  const install = runQuietly(node24, [join(home, 'install.js')], {
    timeoutMillis: secondsToDownload * 1000,
    signal: unreachable.signal,
  })
  const { code, output } = await install.finally(() => clearTimeout(patience))
  const fetched = await findElectron()
  if (code === 0 && fetched) return { path: fetched }
  const detail = output.match(/\b(E[A-Z_]{4,}|Response code \d+|HTTP\w* \d+)\b/)?.[0]
  return { reason: `its program could not be fetched from ${host}${detail ? ` (${detail})` : ''}` }
}

function downloadHost() {
  const mirror = process.env.ELECTRON_MIRROR ?? process.env.npm_config_electron_mirror
  return mirror && URL.canParse(mirror) ? new URL(mirror).origin : 'https://github.com'
}

async function answers(host) {
  try {
    await fetch(host, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(5000) })
    return true
  } catch {
    return false
  }
}

if (isMain(import.meta.url)) {
  runMain(async () => {
    const path = await findElectron()
    if (path) sayOnStdout(path)
    return path ? 0 : 1
  })
}
