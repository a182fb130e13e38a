import type { Run } from '../../src-main/contract/index.ts'
import { formatEpsilon, formatRate } from '../text/numbers.ts'

/** The threshold of a run as it was asked for, and what came out of it; null: it has no safety critic. */
export function describeThreshold({
  specification,
  step,
}: Pick<Run, 'specification' | 'step'>): string | null {
  const { sqrl } = specification.settings
  if (typeof sqrl !== 'object' || sqrl === null || Array.isArray(sqrl)) return null
  const { epsilonSafe, falseAlarmRate } = sqrl
  if (typeof epsilonSafe !== 'number') return null
  if (typeof falseAlarmRate !== 'number' || specification.phase === 'pretrain')
    return `ε_safe ${formatEpsilon(epsilonSafe)}`
  const asked = `${formatRate(falseAlarmRate)} false alarms`
  return step > 0
    ? `${asked}: ε_safe ${formatEpsilon(epsilonSafe)}`
    : `${asked}: measured when fine-tuning begins`
}
