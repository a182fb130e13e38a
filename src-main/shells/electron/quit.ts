import { type App, dialog } from 'electron'
import type { LabProcess } from './lab-process.ts'

/** Closes the lab before the app ends, and asks first while something trains. Ctrl-C in a terminal has asked already. */
export function setupQuit(app: App, lab: LabProcess, asksBeforeQuit: boolean): void {
  let state: 'open' | 'closing' | 'closed' = 'open'
  let asks = asksBeforeQuit

  app.on('window-all-closed', () => app.quit())
  app.on('before-quit', (event) => {
    if (state === 'closed') return
    event.preventDefault()
    if (state === 'closing') return
    if (asks && lab.isTraining() && !isQuitWanted()) return
    state = 'closing'
    void lab.close().finally(() => {
      state = 'closed'
      app.quit()
    })
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      asks = false
      app.quit()
    })
  }
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
