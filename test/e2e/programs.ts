import { execFile, spawn } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'

export const root = path.join(import.meta.dirname, '../..')
const cli = path.join(root, 'src-main/cli.ts')
const run = promisify(execFile)

/** First line that one of our scripts prints, or null where it found nothing. */
async function ask(script: string): Promise<string | null> {
  try {
    const { stdout } = await run(process.execPath, [path.join(root, 'scripts', script)], { timeout: 180_000 })
    return stdout.split('\n')[0]?.trim() || null
  } catch {
    return null
  }
}

export async function findBrowser(): Promise<string> {
  const found = process.env.SQRL_LAB_BROWSER ?? (await ask('find-browser.mjs'))
  if (found === null)
    throw new Error('No Chromium starts here: run `npm run setup`, or name one in SQRL_LAB_BROWSER.')
  return found
}

/** Electron's program where it can open a window: its sandbox does not start as root, and it needs a display. */
export async function findElectron(): Promise<string | null> {
  if (process.env.SQRL_LAB_SHELL === 'browser') return null
  if (process.platform === 'linux') {
    if (process.getuid?.() === 0) return null
    if (!process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return null
  }
  return ask('electron-binary.mjs')
}

/** Runs a command of the lab to its end and gives what it printed. */
export async function runLab(args: string[]): Promise<string> {
  const { stdout } = await run(process.execPath, [cli, ...args], { cwd: root, maxBuffer: 64 * 1024 * 1024 })
  return stdout
}

export interface Served {
  url: string
  /** As Ctrl-C would: runs in progress write a checkpoint first. */
  stop(): Promise<void>
}

export function serve(folder: string, port = 0, options: readonly string[] = []): Promise<Served> {
  const args = [cli, 'serve', '--lab', folder, '--port', String(port), '--no-open', '--json', ...options]
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const stop = () => {
    child.kill('SIGTERM')
    return ended
  }
  return new Promise((resolve, reject) => {
    let printed = ''
    child.stdout.setEncoding('utf8')
    child.stdout.on('data', (part: string) => {
      printed += part
      const line = printed.split('\n')[0]
      if (printed.includes('\n') && line !== undefined) resolve({ url: readUrl(line), stop })
    })
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`serve ended with code ${code}: ${printed}`)))
  })
}

function readUrl(line: string): string {
  const parsed: unknown = JSON.parse(line)
  if (typeof parsed === 'object' && parsed !== null && 'url' in parsed && typeof parsed.url === 'string')
    return parsed.url
  throw new Error(`serve printed no address: ${line}`)
}
