import type { MethodName } from '../contract/transfer.ts'
import type { Method } from './learner.ts'
import { sacMethod } from './sac-learner.ts'
import { sqrlMethod } from './sqrl.ts'

/** Every method by name. */
export const methods: Readonly<Record<MethodName, Method>> = { sqrl: sqrlMethod, sac: sacMethod }
