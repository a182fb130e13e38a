import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { basename, join, resolve } from 'node:path'
import type { CopyOptions } from '../store/backup.ts'
import { openStore } from '../store/open.ts'
import type { LabContext } from './context.ts'
import { LabError } from './errors.ts'

export const backupExtension = '.sqlite'

export interface Backup {
  file: string
  bytes: number
}

export function backupCases({ store, closing }: LabContext) {
  let isWriting = false
  return {
    /** To a file that is not there yet, or into a folder under a name of its own. One at a time. */
    async backUp(destination: string, { signal, onProgress }: CopyOptions = {}): Promise<Backup> {
      if (isWriting)
        throw new LabError('CONFLICT', 'A backup is being written already. Wait until it is done.')
      const file = fileFor(resolve(destination), store.folder)
      const signals = [closing, signal].filter((given) => given !== undefined)
      isWriting = true
      try {
        const bytes = await store.backUp(file, {
          ...(onProgress && { onProgress }),
          signal: AbortSignal.any(signals),
        })
        return { file, bytes }
      } finally {
        isWriting = false
      }
    },
    /** Gives unused space back to the disk, piece by piece; yields the share that is done. */
    async *compact(signal?: AbortSignal): AsyncGenerator<number, void, undefined> {
      const first = store.sizes.all().freeBytes
      let left = first
      while (left > 0 && !signal?.aborted && !closing.aborted) {
        const before = left
        left = store.compact(compactBytes)
        yield 1 - left / first
        if (left >= before) return
      }
      yield 1
    },
  }
}

/** A few milliseconds of work. */
const compactBytes = 4 * 2 ** 20

/** Such as `my lab 2026-11-23 0455.sqlite`, in local time. */
export function backupName(labFolder: string, now = new Date()): string {
  const two = (value: number) => String(value).padStart(2, '0')
  const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`
  return `${basename(labFolder)} ${day} ${two(now.getHours())}${two(now.getMinutes())}${backupExtension}`
}

function fileFor(destination: string, labFolder: string): string {
  const isFolder = statSync(destination, { throwIfNoEntry: false })?.isDirectory() ?? false
  const file = isFolder ? join(destination, backupName(labFolder)) : destination
  if (existsSync(file))
    throw new LabError('CONFLICT', `There is a file ${file} already. Choose another name, or move it away.`)
  if (!existsSync(resolve(file, '..')))
    throw new LabError('INVALID', `There is no folder for ${file}. Make it, or choose another place.`)
  return file
}

/** Makes a lab of a backup, in a folder that holds none yet. */
export async function restoreBackup(file: string, folder: string): Promise<void> {
  const backup = resolve(file)
  const target = join(resolve(folder), 'lab.sqlite')
  if (!existsSync(backup)) throw new LabError('NOT_FOUND', `There is no file ${backup}.`)
  if (!startsLikeDatabase(backup)) throw new LabError('INVALID', `${backup} is not a backup of a lab.`)
  if (existsSync(target))
    throw new LabError('CONFLICT', `There is a lab in ${folder} already. Choose an empty folder.`)
  mkdirSync(resolve(folder), { recursive: true })
  const partial = `${target}.partial`
  try {
    copyFileSync(backup, partial, constants.COPYFILE_FICLONE)
    renameSync(partial, target)
  } finally {
    rmSync(partial, { force: true })
  }
  try {
    const store = await openStore(folder)
    store.close()
  } catch (error) {
    // What cannot be opened is no lab, and must not stand in the way of another try.
    rmSync(target, { force: true })
    throw error
  }
}

function startsLikeDatabase(file: string): boolean {
  const magic = 'SQLite format 3'
  const first = Buffer.alloc(magic.length)
  const descriptor = openSync(file, 'r')
  try {
    readSync(descriptor, first)
  } finally {
    closeSync(descriptor)
  }
  return first.toString('latin1') === magic
}
