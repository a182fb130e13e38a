import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { delimiter, join } from 'node:path'
import { fromRoot, isMain, node24, runMain, runQuietly, sayOnStdout } from './workshop.mjs'

/**
 * A Chromium that starts on this machine, or null. In this order: the one named in SQRL_LAB_BROWSER, an installed one, Playwright's own,
 * the one inside the package @sparticuz/chromium (Linux only).
 * @returns {Promise<{ path: string, name: string } | null>}
 */
export async function findBrowser() {
  const named = process.env.SQRL_LAB_BROWSER
  if (named) return (await inspect(named, 'named in SQRL_LAB_BROWSER')) ?? null
  for (const path of installedBrowsers()) {
    const browser = await inspect(path, 'installed')
    if (browser) return browser
  }
  return (await inspect(playwrightBrowser(), "Playwright's own")) ?? (await packagedBrowser())
}

/** What to tell somebody for whom findBrowser() found nothing. */
export const howToGetABrowser =
  'No Chromium or Chrome was found that starts here. Install one, name one in SQRL_LAB_BROWSER, or run `npx playwright install chromium`.'

async function inspect(path, origin) {
  if (!path || !existsSync(path)) return undefined
  // On Windows `chrome.exe --version` prints nothing and opens a window.
  if (process.platform === 'win32') return { path, name: `${path} (${origin})` }
  const { code, output } = await runQuietly(path, ['--version'], { timeoutMillis: 20_000 })
  const version = output.split('\n').find((line) => /\d+\.\d+/.test(line))
  if (code !== 0 || !version) return undefined
  return { path, name: `${version.trim()} (${origin})` }
}

function installedBrowsers() {
  if (process.platform === 'win32') {
    const folders = [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA]
    const programs = [
      'Google/Chrome/Application/chrome.exe',
      'Chromium/Application/chrome.exe',
      'Microsoft/Edge/Application/msedge.exe',
    ]
    return programs.flatMap((program) => folders.filter(Boolean).map((folder) => join(folder, program)))
  }
  if (process.platform === 'darwin') {
    const names = ['Google Chrome', 'Chromium', 'Microsoft Edge']
    return ['/Applications', join(process.env.HOME ?? '', 'Applications')].flatMap((folder) =>
      names.map((name) => `${folder}/${name}.app/Contents/MacOS/${name}`),
    )
  }
  const names = [
    'chromium',
    'chromium-browser',
    'google-chrome',
    'google-chrome-stable',
    'chrome',
    'microsoft-edge',
  ]
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean)
  return names.flatMap((name) => folders.map((folder) => join(folder, name)))
}

function playwrightBrowser() {
  try {
    return createRequire(import.meta.url)('playwright-core').chromium.executablePath()
  } catch {
    return undefined
  }
}

/** The package unpacks into the temporary folder and trusts whatever lies there; ours is unpacked aside and moved into place when it works. */
async function packagedBrowser() {
  if (process.platform !== 'linux' || !existsSync(fromRoot('node_modules', '@sparticuz', 'chromium')))
    return null
  const origin = 'from the package @sparticuz/chromium'
  const cache = fromRoot('node_modules', '.cache', 'sqrl-lab')
  const home = join(cache, 'chromium')
  const ready = await inspect(join(home, 'chromium'), origin)
  if (ready) return ready

  await mkdir(cache, { recursive: true })
  const aside = await mkdtemp(join(cache, 'unpacking-'))
  try {
    const unpack = `import chromium from '@sparticuz/chromium'; await chromium.executablePath()`
    await runQuietly(node24, ['--input-type=module', '--eval', unpack], {
      env: { ...process.env, TMPDIR: aside },
      timeoutMillis: 120_000,
    })
    if (!(await inspect(join(aside, 'chromium'), origin))) return null
    await rm(home, { recursive: true, force: true })
    await rename(aside, home)
  } finally {
    await rm(aside, { recursive: true, force: true })
  }
  return (await inspect(join(home, 'chromium'), origin)) ?? null
}

if (isMain(import.meta.url)) {
  runMain(async () => {
    const browser = await findBrowser()
    sayOnStdout(browser ? `${browser.path}\n${browser.name}` : howToGetABrowser)
    return browser ? 0 : 1
  })
}
