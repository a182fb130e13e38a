import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { findBrowser, howToGetABrowser } from './find-browser.mjs'
import {
  fromRoot,
  isMain,
  node24,
  runMain,
  runQuietly,
  sayOnStderr,
  sayOnStdout,
  Trouble,
} from './workshop.mjs'

const oldestNode = 18
const installStamp = fromRoot('node_modules', '.sqrl-lab-installed')
const buildStamp = fromRoot('out', '.built')
const buildInputs = [
  'src-main',
  'src-renderer',
  'resources',
  'electron.vite.config.ts',
  'package.json',
  'tsconfig.json',
]

/** Brings packages, and the build if asked, up to date; takes a few milliseconds when they are. Returns the browser, if asked for one. */
export async function setup({ build = true, browser = false, say = sayOnStdout } = {}) {
  const major = Number(process.versions.node.split('.')[0])
  if (major < oldestNode)
    throw new Trouble(`SQRL Lab's scripts need Node ${oldestNode} or newer; this is ${process.version}.`)
  if (!(await isInstalled())) await alone(() => install(say), isInstalled)
  if (build && !(await isBuilt())) await alone(() => buildApp(say), isBuilt)
  if (!browser) return undefined
  const found = await findBrowser()
  if (!found) throw new Trouble(howToGetABrowser)
  say(`Browser: ${found.name}`)
  return found
}

async function isInstalled() {
  const lockText = await readFile(fromRoot('package-lock.json'), 'utf8')
  const digest = createHash('sha256').update(lockText).digest('hex')
  if (!existsSync(node24)) return false
  if ((await readFile(installStamp, 'utf8').catch(() => '')) === digest) return true
  if (!(await agreesWithNodeModules(JSON.parse(lockText)))) return false
  await writeFile(installStamp, digest)
  return true
}

/** Whether what npm last installed is what the lock asks for. Somebody may have run `npm install` by hand, which needs no second one. */
async function agreesWithNodeModules(lock) {
  const text = await readFile(fromRoot('node_modules', '.package-lock.json'), 'utf8').catch(() => undefined)
  if (text === undefined) return false
  const installed = JSON.parse(text).packages
  return Object.entries(lock.packages).every(
    ([path, wanted]) =>
      path === '' || wanted.optional || wanted.devOptional || installed[path]?.version === wanted.version,
  )
}

async function install(say) {
  say('Installing packages; the first time this takes a minute or two.')
  // The install script of onnxruntime-node fetches CUDA libraries; the CPU library is in the package itself.
  const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' }
  const [command, ...args] = npmCommand()
  const { code, output } = await runQuietly(command, [...args, 'ci', '--no-audit', '--no-fund'], { env })
  if (code !== 0)
    throw new Trouble(
      `${output.trim()}\nnpm ci failed (its output is above). Is the package registry reachable?`,
    )
  const check = await runQuietly(node24, ['--version'])
  if (check.code !== 0)
    throw new Trouble(
      `${node24} does not start: ${check.output.trim()}. Delete node_modules and run npm run setup again.`,
    )
  if (!(await isInstalled()))
    throw new Trouble(
      'npm ci ended well, but node_modules does not match package-lock.json. Delete node_modules and try again.',
    )
}

/** npm as it was called, on the Node that runs it: inside an npm script the first `node` of the PATH is the one that npm ci is about to delete. */
function npmCommand() {
  const cli = process.env.npm_execpath
  if (cli && basename(cli) === 'npm-cli.js') return [process.env.npm_node_execpath ?? process.execPath, cli]
  return process.platform === 'win32' ? ['cmd.exe', '/d', '/s', '/c', 'npm.cmd'] : ['npm']
}

async function isBuilt() {
  const stamp = await stat(buildStamp).catch(() => undefined)
  if (!stamp) return false
  for (const input of buildInputs) {
    if ((await newestChange(fromRoot(input))) > stamp.mtimeMs) return false
  }
  return true
}

/** Folders count too: their time changes when a file is added, renamed or removed. */
async function newestChange(path) {
  const own = await stat(path).catch(() => undefined)
  if (!own) return 0
  if (!own.isDirectory()) return own.mtimeMs
  const inner = await Promise.all((await readdir(path)).map((name) => newestChange(join(path, name))))
  return Math.max(own.mtimeMs, ...inner)
}

async function buildApp(say) {
  say('Building the app.')
  const startedAt = new Date()
  const cli = fromRoot('node_modules', 'electron-vite', 'bin', 'electron-vite.js')
  const { code, output } = await runQuietly(node24, [cli, 'build'])
  if (code !== 0) throw new Trouble(`${output.trim()}\nThe build failed (its output is above).`)
  await mkdir(fromRoot('out'), { recursive: true })
  await writeFile(buildStamp, '')
  // What changes while the build runs is newer than the stamp.
  await utimes(buildStamp, startedAt, startedAt)
}

/** Runs a step unless another process of ours is at it; then waits for that one. */
async function alone(step, isDone) {
  const lock = fromRoot('.setup-lock')
  for (;;) {
    try {
      await writeFile(lock, String(process.pid), { flag: 'wx' })
      break
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    const owner = Number(await readFile(lock, 'utf8').catch(() => ''))
    if (owner && !isAlive(owner)) await rm(lock, { force: true })
    else await new Promise((resolve) => setTimeout(resolve, 200))
  }
  try {
    if (!(await isDone())) await step()
  } finally {
    await rm(lock, { force: true })
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

if (isMain(import.meta.url)) {
  runMain(async () => {
    const options = process.argv.slice(2)
    const unknown = options.find((option) => option !== '--browser')
    if (unknown) {
      sayOnStderr(`Unknown option ${unknown}. Usage: npm run setup [-- --browser]`)
      return 2
    }
    await setup({ browser: options.includes('--browser') })
    sayOnStdout('Everything is in place.')
  })
}
