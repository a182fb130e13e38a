import { createWriteStream, existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'
import packageJson from '../../package.json' with { type: 'json' }
import { formatDoctorReport, runDoctor } from '../lab/doctor.ts'
import { redact } from './redact.ts'

export interface BundleOptions {
  logFolder: string
  labFolder: string
  /** What happened, in words; null where nothing did. */
  incident: string | null
  describeMachine?: (labFolder: string) => Promise<string>
}

/** Everything that helps to find a fault, in one zip, without paths, names and secrets. */
export async function writeLogBundle(file: string, options: BundleOptions): Promise<void> {
  const { logFolder, labFolder, incident, describeMachine = examine } = options
  const zip = new ZipFile()
  const add = (name: string, text: string) => zip.addBuffer(Buffer.from(redact(text)), name)
  const { node, electron, chrome } = process.versions
  add(
    'about.txt',
    [
      `SQRL Lab ${packageJson.version}`,
      `Node ${node}, Electron ${electron ?? 'none'}, Chrome ${chrome ?? 'none'}`,
      `${process.platform} ${process.arch}`,
      '',
      incident ?? 'Nothing went wrong; the user asked for this bundle.',
      '',
    ].join('\n'),
  )
  add(
    'machine.txt',
    await describeMachine(labFolder).catch((error: unknown) => `The doctor failed: ${error}`),
  )
  const logs = existsSync(logFolder) ? readdirSync(logFolder).filter((name) => name.endsWith('.log')) : []
  for (const name of logs.sort()) add(`logs/${name}`, readFileSync(join(logFolder, name), 'utf8'))
  zip.end()
  await pipeline(zip.outputStream, createWriteStream(file))
}

async function examine(labFolder: string): Promise<string> {
  return formatDoctorReport(await runDoctor({ labFolder, engines: [] }))
}
