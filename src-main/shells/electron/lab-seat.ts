import { BrowserWindow } from 'electron'
import type { LabStatus } from '../../contract/lab.ts'
import { appOrigin } from './app-protocol.ts'
import type { LabProcess } from './lab-process.ts'

export type OpenLabProcess = (folder: string) => Promise<LabProcess>

/** The lab that is open now; another one can take its seat while the windows stay. */
export interface LabSeat extends LabProcess {
  readonly folder: string
  /** Lets every run write a checkpoint, then opens the other lab. Where that one refuses, the first is opened again and the reason thrown. */
  switchTo(folder: string): Promise<void>
}

export async function openLabSeat(firstFolder: string, open: OpenLabProcess): Promise<LabSeat> {
  let folder = firstFolder
  let lab = await open(firstFolder)
  let switching: Promise<void> | null = null
  const listeners = new Set<(status: LabStatus) => void>()

  const sit = (next: LabProcess, where: string) => {
    lab = next
    folder = where
    for (const listener of listeners) next.onStatus(listener)
  }

  async function change(next: string): Promise<void> {
    const before = folder
    await lab.close()
    try {
      sit(await open(next), next)
    } catch (error) {
      sit(await open(before), before)
      throw error
    } finally {
      // Runs and experiments of the one lab mean nothing in the other, so the pages begin anew.
      for (const window of BrowserWindow.getAllWindows()) await window.loadURL(`${appOrigin}/`)
    }
  }

  return {
    get folder() {
      return folder
    },
    connect: (window) => lab.connect(window),
    onStatus(listener) {
      listeners.add(listener)
      lab.onStatus(listener)
    },
    isTraining: () => lab.isTraining(),
    handOver: (ticket, file) => lab.handOver(ticket, file),
    async close() {
      await switching?.catch(() => {})
      await lab.close()
    },
    async switchTo(next) {
      if (next === folder) return
      if (switching !== null) return switching
      switching = change(next).finally(() => {
        switching = null
      })
      return switching
    },
  }
}
