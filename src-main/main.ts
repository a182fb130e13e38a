import { app, dialog, session } from 'electron'
import { setupAppProtocol, setupAppScheme } from './shells/electron/app-protocol.ts'
import { setupNavigationGuards, setupNetworkBlock, setupPermissions } from './shells/electron/guards.ts'
import { type LabProcess, LabRefusal, openLabProcess } from './shells/electron/lab-process.ts'
import { setupMenu } from './shells/electron/menu.ts'
import { rendererFolder } from './shells/electron/paths.ts'
import { setupProgress } from './shells/electron/progress.ts'
import { setupQuit } from './shells/electron/quit.ts'
import { setupSingleInstance } from './shells/electron/single-instance.ts'
import { readStartOptions } from './shells/electron/start-options.ts'
import { openWindow, showOpenWindow } from './shells/electron/windows.ts'

// These three count only before Electron is ready.
app.enableSandbox()
setupAppScheme()
const isFirst = setupSingleInstance(app, showOpenWindow)

if (isFirst) void app.whenReady().then(start)
else app.quit()

async function start(): Promise<void> {
  setupNavigationGuards(app)
  setupPermissions(session.defaultSession)
  setupNetworkBlock(session.defaultSession)
  setupAppProtocol(session.defaultSession, rendererFolder)

  const { labFolder, asksBeforeQuit } = readStartOptions(process.argv.slice(1))
  setupMenu(app, labFolder)
  const lab = await openLabOrLeave(labFolder)
  if (lab === null) return
  setupQuit(app, lab, asksBeforeQuit)
  setupProgress(lab.onStatus)

  const open = () => openWindow((window) => lab.connect(window))
  app.on('activate', () => void (showOpenWindow() || open()))
  await open()
}

async function openLabOrLeave(labFolder: string): Promise<LabProcess | null> {
  try {
    return await openLabProcess(labFolder, leaveAfterLoss)
  } catch (error) {
    const detail = error instanceof LabRefusal ? error.message : String(error)
    dialog.showErrorBox('The lab cannot be opened', detail)
    app.exit(1)
    return null
  }
}

/** A new start marks the runs that were in progress as interrupted; they can be resumed from their last checkpoints. */
function leaveAfterLoss(code: number): void {
  dialog.showErrorBox(
    'The lab stopped',
    `The process that holds the lab ended unexpectedly (code ${code}). SQRL Lab starts again; resume the runs that were interrupted.`,
  )
  app.relaunch()
  app.exit(1)
}
