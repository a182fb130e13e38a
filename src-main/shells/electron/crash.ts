import { join } from 'node:path'
import { type App, BrowserWindow, dialog } from 'electron'
import type { Log } from '../log.ts'
import { writeLogBundle } from '../log-bundle.ts'

export interface CrashOptions {
  log: Log
  logFolder: string
  labFolder: () => string
}

export interface CrashDialog {
  /** Says what happened and lets the user save what helps to find out why. Gives true where the app is to go on. */
  show(what: string, detail: string, goOn: string): Promise<boolean>
  /** Asks where to, and writes the bundle. */
  saveBundle(incident: string | null): Promise<void>
}

/** Tells of an error that nobody caught, or of a page that died, instead of vanishing. */
export function setupCrashDialog(app: App, { log, logFolder, labFolder }: CrashOptions): CrashDialog {
  let isShowing = false

  async function saveBundle(incident: string | null): Promise<void> {
    const { filePath, canceled } = await dialog.showSaveDialog({
      defaultPath: join(app.getPath('documents'), 'sqrl-lab-logs.zip'),
      filters: [{ name: 'Zip', extensions: ['zip'] }],
    })
    if (canceled || filePath === '') return
    try {
      await writeLogBundle(filePath, { logFolder, labFolder: labFolder(), incident })
    } catch (error) {
      dialog.showErrorBox(
        'The log bundle was not written',
        error instanceof Error ? error.message : String(error),
      )
    }
  }

  async function show(what: string, detail: string, goOn: string): Promise<boolean> {
    log('error', what, detail)
    // One at a time: a fault in a loop must not bury the desktop in dialogs.
    if (isShowing) return true
    isShowing = true
    try {
      for (;;) {
        const { response } = await dialog.showMessageBox({
          type: 'error',
          message: what,
          detail,
          buttons: [goOn, 'Save log bundle…', 'Quit'],
          defaultId: 0,
          cancelId: 0,
          noLink: true,
        })
        if (response === 0) return true
        if (response === 2) return false
        await saveBundle(`${what}\n${detail}`)
      }
    } finally {
      isShowing = false
    }
  }

  process.on('uncaughtException', (error) => {
    void show('SQRL Lab met an error that it did not expect', error.stack ?? error.message, 'Go on').then(
      (goesOn) => {
        if (!goesOn) app.quit()
      },
    )
  })
  app.on('render-process-gone', (_event, contents, { reason, exitCode }) => {
    if (reason === 'clean-exit') return
    const detail = `The page of a window ended (${reason}, code ${exitCode}). Training goes on; the window can be loaded again.`
    void show('A window of SQRL Lab stopped', detail, 'Load it again').then((goesOn) => {
      if (goesOn) BrowserWindow.fromWebContents(contents)?.webContents.reload()
      else app.quit()
    })
  })
  return { show, saveBundle }
}
