import { join } from 'node:path'
import { app, dialog, ipcMain, session } from 'electron'
import type { OpenLabHow } from './contract/files.ts'
import { setupAppProtocol, setupAppScheme } from './shells/electron/app-protocol.ts'
import { type CrashDialog, setupCrashDialog } from './shells/electron/crash.ts'
import { askForFile, askForLab } from './shells/electron/dialogs.ts'
import { setupNavigationGuards, setupNetworkBlock, setupPermissions } from './shells/electron/guards.ts'
import { LabRefusal, openLabProcess } from './shells/electron/lab-process.ts'
import { type LabSeat, openLabSeat } from './shells/electron/lab-seat.ts'
import { setupMenu } from './shells/electron/menu.ts'
import type { Question } from './shells/electron/messages.ts'
import { archiveAmong, setupDroppedFiles, setupOpenedFiles } from './shells/electron/open-file.ts'
import { rendererFolder } from './shells/electron/paths.ts'
import { setupProgress } from './shells/electron/progress.ts'
import { setupQuit } from './shells/electron/quit.ts'
import { openRecentLabs } from './shells/electron/recent-labs.ts'
import { setupSingleInstance } from './shells/electron/single-instance.ts'
import { readStartOptions } from './shells/electron/start-options.ts'
import { tellPage } from './shells/electron/to-page.ts'
import { openWindow, showOpenWindow } from './shells/electron/windows.ts'
import { logConsole, openLog } from './shells/log.ts'

// These count only before Electron is ready.
app.enableSandbox()
setupAppScheme()
const openedFiles = setupOpenedFiles(app)
const isFirst = setupSingleInstance(app, (args) => {
  showOpenWindow()
  openedFiles.offer(archiveAmong(args))
})

if (isFirst) void app.whenReady().then(start)
else app.quit()

async function start(): Promise<void> {
  const { labFolder, asksBeforeQuit } = readStartOptions(process.argv.slice(1))
  const logFolder = app.getPath('logs')
  const log = openLog(logFolder, 'main')
  logConsole(log)
  let seat: LabSeat | null = null
  const crash = setupCrashDialog(app, { log, logFolder, labFolder: () => seat?.folder ?? labFolder })

  setupNavigationGuards(app)
  setupPermissions(session.defaultSession)
  setupNetworkBlock(session.defaultSession)
  setupAppProtocol(session.defaultSession, rendererFolder)

  const recent = openRecentLabs(app)
  const showMenu = () =>
    setupMenu(app, {
      labFolder: seat?.folder ?? labFolder,
      recentLabs: recent.list(),
      openLab: (how) => void openAnother(how),
      openRecent: (folder) => void switchTo(folder),
      saveLogs: () => void crash.saveBundle(null),
    })
  const answer = (question: Question) =>
    question.about === 'lab' ? openAnother(question.how) : askForFile(app, question)
  const onLost = (code: number) => void leaveAfterLoss(crash, code)

  seat = await openLabOrLeave(labFolder, (folder) => openLabProcess(folder, onLost, answer, logFolder))
  if (seat === null) return
  const lab = seat
  recent.add(lab.folder)
  showMenu()
  setupQuit(app, lab, asksBeforeQuit)
  setupProgress(lab.onStatus)

  const stateFile = join(app.getPath('userData'), 'window.json')
  const open = () => openWindow((window) => lab.connect(window), stateFile)
  app.on('activate', () => void (showOpenWindow() || open()))
  await open()
  openedFiles.listen((ticket, file) => {
    lab.handOver(ticket, file)
    tellPage({ archive: ticket })
  })
  openedFiles.offer(archiveAmong(process.argv))
  setupDroppedFiles(ipcMain, openedFiles.offer)

  /** Gives the folder, or null where the user thought better of it. */
  async function openAnother(how: OpenLabHow): Promise<string | null> {
    try {
      const folder = await askForLab(how)
      if (folder === null) return null
      // After the answer: the page that asks goes when the lab does.
      setImmediate(() => void switchTo(folder))
      return folder
    } catch (error) {
      dialog.showErrorBox('The lab cannot be opened', reasonFor(error))
      return null
    }
  }

  async function switchTo(folder: string): Promise<void> {
    try {
      await lab.switchTo(folder)
      recent.add(folder)
    } catch (error) {
      dialog.showErrorBox('The lab cannot be opened', reasonFor(error))
    }
    showMenu()
  }
}

async function openLabOrLeave(
  labFolder: string,
  open: Parameters<typeof openLabSeat>[1],
): Promise<LabSeat | null> {
  try {
    return await openLabSeat(labFolder, open)
  } catch (error) {
    dialog.showErrorBox('The lab cannot be opened', reasonFor(error))
    app.exit(1)
    return null
  }
}

function reasonFor(error: unknown): string {
  return error instanceof LabRefusal || error instanceof Error ? error.message : String(error)
}

/** A new start marks the runs that were in progress as interrupted; they can be resumed from their last checkpoints. */
async function leaveAfterLoss(crash: CrashDialog, code: number): Promise<void> {
  const goesOn = await crash.show(
    'The lab stopped',
    `The process that holds the lab ended unexpectedly (code ${code}). Start again, and resume the runs that were interrupted.`,
    'Start again',
  )
  if (goesOn) app.relaunch()
  app.exit(1)
}
