import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'

/** Writes a file beside its place and reads it back before it gets its name, in place of one that had it. */
export async function writeWhole(file: string, content: Uint8Array): Promise<{ bytes: number }> {
  const target = resolve(file)
  const partial = `${target}.partial`
  try {
    await mkdir(dirname(target), { recursive: true })
    await writeFile(partial, content)
    if (!(await readFile(partial)).equals(content))
      throw new Error(`${target} does not read back as it was written.`)
    await rename(partial, target)
  } finally {
    await rm(partial, { force: true })
  }
  return { bytes: content.byteLength }
}
