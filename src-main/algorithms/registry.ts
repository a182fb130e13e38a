import type { MethodName } from '../contract/transfer.ts'
import { cpoMethod } from './cpo.ts'
import { esacMethod } from './esac.ts'
import type { Method } from './learner.ts'
import { rsMethod } from './rs.ts'
import { sacMethod } from './sac-learner.ts'
import { sqrlMethod } from './sqrl.ts'
import { wcpgMethod } from './wcpg.ts'

/** Every method by name. */
export const methods: Readonly<Record<MethodName, Method>> = {
  sqrl: sqrlMethod,
  sac: sacMethod,
  esac: esacMethod,
  wcpg: wcpgMethod,
  cpo: cpoMethod,
  rs: rsMethod,
}
