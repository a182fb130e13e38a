import { join } from 'node:path'

/** The folder `out`, seen from out/main/shells/electron. */
const output = join(import.meta.dirname, '..', '..', '..')

export const rendererFolder = join(output, 'renderer')
export const preloadFile = join(output, 'preload', 'preload.cjs')
export const labServiceFile = join(output, 'main', 'shells', 'electron', 'lab-service.js')
export const workerFile = join(output, 'main', 'training', 'worker.js')
