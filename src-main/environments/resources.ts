import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** A model in resources/models, which lies beside the sources as well as beside what is built of them. */
export function readModel(name: string): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const file = join(folder, 'resources', 'models', name)
    if (existsSync(file)) return readFileSync(file, 'utf8')
    if (folder === dirname(folder)) throw new Error(`The model ${name} is missing from resources/models.`)
  }
}
