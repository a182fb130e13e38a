import type { Database } from 'better-sqlite3'
import { type LabSettings, labSettings } from '../contract/lab-settings.ts'

export type LabSettingsStore = ReturnType<typeof labSettingsStore>

/** A row for each setting that was chosen; one that cannot be read, as a newer version may have written it, counts as not chosen. */
export function labSettingsStore(db: Database) {
  const select = db.prepare<[], { name: string; value: string }>('SELECT name, value FROM lab_settings')
  const upsert = db.prepare<{ name: string; value: string }>(
    'INSERT INTO lab_settings (name, value) VALUES (@name, @value) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
  )

  return {
    get(): LabSettings {
      const chosen = Object.fromEntries(select.all().map(({ name, value }) => [name, JSON.parse(value)]))
      return labSettings.parse(chosen)
    },
    set(changes: Partial<LabSettings>): void {
      for (const [name, value] of Object.entries(changes)) upsert.run({ name, value: JSON.stringify(value) })
    },
  }
}
