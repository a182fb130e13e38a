import { openLab } from '../../lab/lab.ts'
import { hostLab } from './lab-host.ts'

// The lab's process under Electron: started by lab-process.ts, ends when that one says so.
hostLab(process.parentPort, (folder, startWorker) => openLab(folder, { startWorker }))
