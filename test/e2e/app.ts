import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { _electron, type Browser, type BrowserContextOptions, chromium, type Page } from '@playwright/test'
import { findBrowser, findElectron, root, type Served, serve } from './programs.ts'

/** The app as a user has it: a window of Electron where that can be opened, else a browser on the served app. */
export interface App {
  shell: 'electron' | 'browser'
  page: Page
  /** What serves the browser; null under Electron. */
  served: Served | null
  close(): Promise<void>
}

/** Of this machine, not of the product: rendering without a graphics card, no traffic of the browser's own. */
export const browserArgs = [
  ...(process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--ignore-gpu-blocklist',
  '--disable-background-networking',
  '--disable-component-update',
  '--no-first-run',
]

/** A window of Electron, or a browser that stays open from one app to the next: each has a context of its own there. */
export interface Shell {
  open(labFolder: string, options?: BrowserContextOptions): Promise<App>
  close(): Promise<void>
}

export async function startShell(): Promise<Shell> {
  const electron = await findElectron()
  if (electron !== null)
    return {
      open: (labFolder, options = {}) => startElectron(electron, labFolder, options),
      close: async () => {},
    }
  const browser = await chromium.launch({ executablePath: await findBrowser(), args: browserArgs })
  return {
    open: (labFolder, options = {}) => openInBrowser(browser, labFolder, options),
    close: () => browser.close(),
  }
}

/** One app in a shell of its own. */
export async function startApp(labFolder: string, options: BrowserContextOptions = {}): Promise<App> {
  const shell = await startShell()
  const app = await shell.open(labFolder, options)
  const close = async () => {
    await app.close()
    await shell.close()
  }
  return { ...app, close }
}

async function startElectron(executablePath: string, labFolder: string, options: BrowserContextOptions) {
  const profile = await mkdtemp(path.join(tmpdir(), 'sqrl-lab-profile-'))
  const app = await _electron.launch({
    executablePath,
    args: [
      path.join(root, 'out/main/main.js'),
      `--user-data-dir=${profile}`,
      '--lab',
      labFolder,
      '--quit-without-asking',
    ],
    ...(options.colorScheme ? { colorScheme: options.colorScheme } : {}),
  })
  const page = await app.firstWindow()
  if (options.viewport) await page.setViewportSize(options.viewport)
  return { shell: 'electron', page, served: null, close: () => app.close() } satisfies App
}

async function openInBrowser(browser: Browser, labFolder: string, options: BrowserContextOptions) {
  const served = await serve(labFolder)
  const context = await browser.newContext(options)
  const page = await context.newPage()
  await page.goto(served.url)
  const close = async () => {
    await context.close()
    await served.stop()
  }
  return { shell: 'browser', page, served, close } satisfies App
}
