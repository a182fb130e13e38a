import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { LabError } from '../../lab/errors.ts'
import { defaultLogFolder } from '../default-lab-folder.ts'
import { startServer } from '../http/server.ts'
import { logConsole, openLog } from '../log.ts'
import { withLab } from './lab-folder.ts'
import { note, print } from './output.ts'

export interface ServeOptions {
  lab: string
  json: boolean
  port: number
  workers?: number
}

/** The built pages lie beside the bundle of this file, and beside the sources when it runs from them. */
function pagesFolder(): string {
  const candidates = ['../../../out/renderer', '../renderer'].map((path) =>
    resolve(import.meta.dirname, path),
  )
  const folder = candidates.find((path) => existsSync(join(path, 'index.html')))
  if (!folder) throw new LabError('INVALID', 'The app’s pages are not built. Run npm run setup first.')
  return folder
}

/** Serves the app on loopback until it is told to stop; runs in progress then write a checkpoint. */
export async function serve({ lab: folder, json, port, workers }: ServeOptions): Promise<void> {
  const staticFolder = pagesFolder()
  logConsole(openLog(defaultLogFolder(), 'serve'))
  const stopped = new Promise<void>((done) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => done())
  })
  await withLab(
    folder,
    { ...(workers === undefined ? {} : { slots: workers }), mustExist: false },
    async (lab) => {
      const server = await startServer(lab, { staticFolder, port })
      print(json ? JSON.stringify({ url: server.url }) : `SQRL Lab is at ${server.url}`)
      if (!json) note('Press Ctrl-C to stop; runs in progress then write a checkpoint.')
      await stopped
      await server.close()
    },
  )
}
