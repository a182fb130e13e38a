import { BrowserWindow } from 'electron'

/** What the shell tells a page: to do an action, as if its keys were pressed, or to import an archive. */
export type ToPage = { action: string } | { archive: string }

export function tellPage(message: ToPage): void {
  const window = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0]
  window?.webContents.send('shell', message)
}
