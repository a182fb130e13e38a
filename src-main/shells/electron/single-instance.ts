import type { App } from 'electron'

/** False where SQRL Lab runs already; the running one is told, so that it comes to the front. */
export function setupSingleInstance(app: App, onSecondStart: (args: string[]) => void): boolean {
  if (!app.requestSingleInstanceLock()) return false
  app.on('second-instance', (_event, args) => onSecondStart(args))
  return true
}
