import { statfsSync } from 'node:fs'
import packageJson from '../../package.json' with { type: 'json' }
import type { LabFacts, MachineCheck } from '../contract/files.ts'
import type { LabContext } from './context.ts'
import { runDoctor } from './doctor.ts'

export function factCases({ store }: LabContext) {
  return {
    facts(): Omit<LabFacts, 'desk'> {
      const { bavail, bsize } = statfsSync(store.folder)
      const { node, electron } = process.versions
      return {
        folder: store.folder,
        versions: {
          'SQRL Lab': packageJson.version,
          SQLite: store.sqliteVersion(),
          Node: node,
          ...(electron === undefined ? {} : { Electron: electron }),
        },
        sizes: store.sizes.all(),
        freeDiskBytes: bavail * bsize,
      }
    },
    /** The doctor's findings, but for the speed of the engines, which would take this process for seconds. */
    async examine(): Promise<MachineCheck[]> {
      const { checks } = await runDoctor({ labFolder: store.folder, engines: [] })
      return checks.map(({ topic, status, finding, remedy }) => ({ topic, status, finding, remedy }))
    },
  }
}
