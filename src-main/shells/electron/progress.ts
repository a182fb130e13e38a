import { BrowserWindow, powerSaveBlocker } from 'electron'
import type { LabStatus } from '../../contract/lab.ts'

/** Shows what the lab does where the desktop looks: window title and task bar. Keeps the machine awake while something trains. */
export function setupProgress(onStatus: (listener: (status: LabStatus) => void) => void): void {
  const awake = keepAwake()
  onStatus((status) => {
    awake(status.running > 0)
    for (const window of BrowserWindow.getAllWindows()) {
      window.setTitle(windowTitle(status))
      // Below 0 there is no bar.
      window.setProgressBar(status.progress ?? -1)
    }
  })
}

function keepAwake(): (isTraining: boolean) => void {
  let blocker: number | null = null
  return (isTraining) => {
    if (isTraining && blocker === null) blocker = powerSaveBlocker.start('prevent-app-suspension')
    if (!isTraining && blocker !== null) {
      powerSaveBlocker.stop(blocker)
      blocker = null
    }
  }
}

export function windowTitle({ progress }: Pick<LabStatus, 'progress'>): string {
  // Rounded down: 100 % is for what has ended.
  return progress === null ? 'SQRL Lab' : `${Math.floor(progress * 100)} % – SQRL Lab`
}
