import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { extname, isAbsolute } from 'node:path'
import type { App, IpcMain } from 'electron'
import { z } from 'zod'
import { isOwnPage } from './guards.ts'

/** The archive among the arguments of a start, as systems other than macOS hand over what was double-clicked. */
export function archiveAmong(args: readonly string[]): string | null {
  return args.slice(1).find((arg) => isAbsolute(arg) && extname(arg) === '.sqrlx' && existsSync(arg)) ?? null
}

export interface OpenedFiles {
  /** From here on `take` gets every archive that the system hands over, those that came earlier first. */
  listen(take: (ticket: string, file: string) => void): void
  offer(file: string | null): void
}

/** Archives that the system asks the app to open; macOS may do so before there is a window. */
export function setupOpenedFiles(app: App): OpenedFiles {
  const early: string[] = []
  let take: ((file: string) => void) | null = null
  const offer = (file: string | null) => {
    if (file === null) return
    if (take === null) early.push(file)
    else take(file)
  }
  app.on('open-file', (event, path) => {
    event.preventDefault()
    if (extname(path) === '.sqrlx') offer(path)
  })
  return {
    offer,
    listen(given) {
      take = (file) => given(randomBytes(24).toString('base64url'), file)
      for (const file of early.splice(0)) take(file)
    },
  }
}

const droppedFiles = z.array(z.string().max(4096)).max(20)

/** Archives that a user lets go over a window; a message from anything but the main frame of an own page is not listened to. */
export function setupDroppedFiles(ipc: Pick<IpcMain, 'on'>, offer: OpenedFiles['offer']): void {
  ipc.on('dropped-files', ({ senderFrame }, files: unknown) => {
    if (senderFrame === null || senderFrame.parent !== null || !isOwnPage(senderFrame.url)) return
    for (const file of droppedFiles.safeParse(files).data ?? []) offer(archiveAmong(['', file]))
  })
}
