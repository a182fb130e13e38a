import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { App } from 'electron'
import { z } from 'zod'

const most = 8
const stored = z.array(z.string()).max(100)

export interface RecentLabs {
  /** The last opened first; folders that are gone are left out. */
  list(): { folder: string; label: string }[]
  add(folder: string): void
}

/** Which labs were open before; the system's own list of documents is told as well. */
export function openRecentLabs(app: Pick<App, 'getPath' | 'addRecentDocument'>): RecentLabs {
  const file = join(app.getPath('userData'), 'recent-labs.json')
  const read = (): string[] => {
    try {
      return stored.parse(JSON.parse(readFileSync(file, 'utf8')))
    } catch {
      // None yet, or damaged: a list of what was open is not worth a question.
      return []
    }
  }
  return {
    list: () =>
      read()
        .filter((folder) => existsSync(join(folder, 'lab.sqlite')))
        .map((folder, _, all) => {
          const name = basename(folder)
          const isAlone = all.filter((other) => basename(other) === name).length === 1
          return { folder, label: isAlone ? name : `${name} (${dirname(folder)})` }
        }),
    add(folder) {
      const next = [folder, ...read().filter((other) => other !== folder)].slice(0, most)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, JSON.stringify(next))
      app.addRecentDocument(folder)
    },
  }
}
