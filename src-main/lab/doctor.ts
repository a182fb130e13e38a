import { execFile } from 'node:child_process'
import { stat, statfs } from 'node:fs/promises'
import { availableParallelism, cpus, freemem, totalmem } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { z } from 'zod'
import { nearestFolder } from './disk-space.ts'
import { probeWebGl } from './doctor-webgl.ts'

const gibibyte = 2 ** 30
const oldestNode = 24
/** Several workers, each with its own replay buffers, beside a desktop. */
const enoughMemory = 4 * gibibyte
/** Warned of well before the disk is full. */
const enoughDisk = 2 * gibibyte

export const doctorCheck = z.object({
  topic: z.string(),
  status: z.enum(['ok', 'warn']),
  finding: z.string(),
  /** What to do about it; null where nothing is to do. */
  remedy: z.string().nullable(),
  /** The figures behind the finding. */
  values: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
})
export type DoctorCheck = z.infer<typeof doctorCheck>

export const doctorReport = z.object({ labFolder: z.string(), checks: z.array(doctorCheck) })
export type DoctorReport = z.infer<typeof doctorReport>

export interface EngineProbe {
  name: string
  /** An optional engine that is not there is no reason to warn. */
  isOptional: boolean
  /** Updates per second of SAC at the paper's sizes on one core; throws where the engine does not load. */
  measureUpdateRate(): Promise<number>
}

/** How the doctor looks at what lies outside this process; tests put their own in. */
export interface DoctorTools {
  findBrowser(): Promise<{ path: string; name: string } | null>
  findElectron(): Promise<string | null>
  probeWebGl(browserPath: string): Promise<string | null>
  sqliteVersion(): Promise<string>
}

export interface DoctorOptions {
  labFolder: string
  engines: EngineProbe[]
  tools?: DoctorTools
}

/** What this machine has of what the lab needs, in the order in which a user would look for a fault. */
export async function runDoctor(options: DoctorOptions): Promise<DoctorReport> {
  const { labFolder, engines, tools = machineTools } = options
  const checks: DoctorCheck[] = [checkNode(process.versions.node), await checkSqlite(tools)]
  // One after the other: each measures a speed.
  for (const engine of engines) checks.push(await checkEngine(engine))
  checks.push(await checkElectron(tools))
  checks.push(...(await checkBrowser(tools)))
  checks.push(checkProcessor(), checkMemory(totalmem(), freemem()), await checkDisk(labFolder))
  return { labFolder: resolve(labFolder), checks }
}

/** One line a check, and one below it where something is to do. */
export function formatDoctorReport(report: DoctorReport): string {
  const width = Math.max(...report.checks.map(({ topic }) => topic.length))
  const lines = report.checks.flatMap(({ status, topic, finding, remedy }) => [
    `${status.padEnd(4)}  ${topic.padEnd(width)}  ${finding}`,
    ...(remedy === null ? [] : [`${' '.repeat(width + 8)}${remedy}`]),
  ])
  return lines.join('\n')
}

export function checkNode(version: string): DoctorCheck {
  const isOld = Number.parseInt(version, 10) < oldestNode
  const remedy = isOld ? `Run it with npm run lab, which brings Node ${oldestNode}.` : null
  return check('Node', version, { version }, remedy)
}

async function checkSqlite(tools: DoctorTools): Promise<DoctorCheck> {
  try {
    const version = await tools.sqliteVersion()
    return check('SQLite', version, { version })
  } catch (error) {
    const remedy = 'Delete node_modules and run npm run setup.'
    return check('SQLite', `does not load: ${firstLine(error)}`, { version: null }, remedy)
  }
}

async function checkEngine({ name, isOptional, measureUpdateRate }: EngineProbe): Promise<DoctorCheck> {
  const topic = `Engine ${name}`
  try {
    const updatesPerSecond = await measureUpdateRate()
    return check(topic, `${updatesPerSecond.toFixed(0)} SAC updates/s on one core`, { updatesPerSecond })
  } catch (error) {
    const values = { updatesPerSecond: null }
    if (isOptional) return check(topic, `not there, and not needed: ${firstLine(error)}`, values)
    const remedy = 'Nothing can be trained without it. Delete node_modules and run npm run setup.'
    return check(topic, `does not load: ${firstLine(error)}`, values, remedy)
  }
}

async function checkElectron(tools: DoctorTools): Promise<DoctorCheck> {
  const path = await tools.findElectron()
  if (path !== null) return check('Electron', path, { path })
  const remedy =
    'npm start fetches it from github.com, or from the mirror that ELECTRON_MIRROR names; without it, it serves the app to a browser.'
  return check('Electron', 'its program has not been fetched', { path: null }, remedy)
}

async function checkBrowser(tools: DoctorTools): Promise<DoctorCheck[]> {
  const browser = await tools.findBrowser()
  if (browser === null) {
    const remedy = 'Install Chromium or Chrome, or name one in SQRL_LAB_BROWSER.'
    return [check('Browser', 'no Chromium or Chrome that starts', { path: null }, remedy)]
  }
  const renderer = await tools.probeWebGl(browser.path)
  return [check('Browser', browser.name, { ...browser }), checkWebGl(renderer)]
}

function checkWebGl(renderer: string | null): DoctorCheck {
  const values = { renderer }
  if (renderer === null) {
    const remedy = 'Training needs no GPU; replays are drawn with WebGL. Check the graphics driver.'
    return check('WebGL', 'not available in the browser', values, remedy)
  }
  const isSoftware = /swiftshader|llvmpipe|software/i.test(renderer)
  const remedy = isSoftware
    ? 'Replays are drawn by the processor here, which is slow while runs train.'
    : null
  return check('WebGL', renderer, values, remedy)
}

function checkProcessor(): DoctorCheck {
  const cores = availableParallelism()
  const model = cpus()[0]?.model.trim() ?? 'unknown'
  return check('Processor', `${cores} cores, ${model}`, { cores, model })
}

export function checkMemory(totalBytes: number, freeBytes: number): DoctorCheck {
  const finding = `${formatBytes(totalBytes)}, ${formatBytes(freeBytes)} of it free`
  const remedy = totalBytes < enoughMemory ? 'Train one run at a time, with --workers 1.' : null
  return check('Memory', finding, { totalBytes, freeBytes }, remedy)
}

async function checkDisk(labFolder: string): Promise<DoctorCheck> {
  const folder = nearestFolder(resolve(labFolder))
  const { bavail, bsize } = await statfs(folder)
  const freeBytes = bavail * bsize
  const labBytes = await stat(join(labFolder, 'lab.sqlite')).then(
    ({ size }) => size,
    () => 0,
  )
  const finding = `${formatBytes(freeBytes)} free for ${resolve(labFolder)}${labBytes ? `, which holds ${formatBytes(labBytes)}` : ''}`
  const remedy = freeBytes < enoughDisk ? 'Free some space or choose another folder with --lab.' : null
  return check('Disk', finding, { freeBytes, labBytes }, remedy)
}

function check(
  topic: string,
  finding: string,
  values: DoctorCheck['values'],
  remedy: string | null = null,
): DoctorCheck {
  return { topic, status: remedy === null ? 'ok' : 'warn', finding, remedy, values }
}

function formatBytes(bytes: number): string {
  const mebibytes = bytes / 2 ** 20
  return mebibytes < 1024 ? `${mebibytes.toFixed(1)} MiB` : `${(bytes / gibibyte).toFixed(1)} GiB`
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return message.split('\n', 1)[0] ?? ''
}

/** The scripts know where browsers and Electron lie; they print a path first, and end with 1 where there is none. */
async function askScript(name: string): Promise<string[] | null> {
  const script = fileURLToPath(new URL(`../../scripts/${name}`, import.meta.url))
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [script], { timeout: 180_000 })
    return stdout.trim().split('\n')
  } catch {
    return null
  }
}

const machineTools: DoctorTools = {
  async findBrowser() {
    const [path, name] = (await askScript('find-browser.mjs')) ?? []
    return path && name ? { path, name } : null
  },
  async findElectron() {
    const [path] = (await askScript('electron-binary.mjs')) ?? []
    return path ?? null
  },
  probeWebGl,
  async sqliteVersion() {
    // Loaded here: where the binding is broken, the doctor is the one to say so.
    const { default: Database } = await import('better-sqlite3')
    const database = new Database(':memory:')
    try {
      const row = z.object({ version: z.string() })
      return row.parse(database.prepare('SELECT sqlite_version() AS version').get()).version
    } finally {
      database.close()
    }
  },
}
