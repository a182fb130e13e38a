import { openLab } from '../../lab/lab.ts'
import { logConsole, openLog } from '../log.ts'
import { hostLab } from './lab-host.ts'

// The lab's process under Electron: started by lab-process.ts, ends when that one says so.
// Beside the main process's own log, whose folder it hands over.
const { SQRL_LAB_LOGS } = process.env
if (SQRL_LAB_LOGS) logConsole(openLog(SQRL_LAB_LOGS, 'lab'))

hostLab(process.parentPort, (folder, startWorker) => openLab(folder, { startWorker }))
