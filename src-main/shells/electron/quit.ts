import { type App, dialog } from 'electron'
import type { LabProcess } from './lab-process.ts'

/** Closes the lab before the app ends, and asks first while something trains. */
export function setupQuit(app: App, lab: LabProcess): void {
  let state: 'open' | 'closing' | 'closed' = 'open'

  app.on('window-all-closed', () => app.quit())
  app.on('before-quit', (event) => {
    if (state === 'closed') return
    event.preventDefault()
    if (state === 'closing') return
    if (lab.isTraining() && !isQuitWanted()) return
    state = 'closing'
    void lab.close().finally(() => {
      state = 'closed'
      app.quit()
    })
  })
}

function isQuitWanted(): boolean {
  const answer = dialog.showMessageBoxSync({
    type: 'question',
    message: 'Runs are training. Quit all the same?',
    detail: 'Each writes a checkpoint first, and goes on from there when you resume it.',
    buttons: ['Quit', 'Cancel'],
    defaultId: 1,
    cancelId: 1,
  })
  return answer === 0
}
