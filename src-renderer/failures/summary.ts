import type { FailureOrder, FailureSummary } from '../../src-main/contract/index.ts'
import { formatCount, formatShare } from '../text/numbers.ts'

const noCause = 'no recorded cause'

export const causeName = (cause: string | null): string => cause || noCause

/** One line for what is chosen, such as: 812 failures in 5 runs; 73 % lava at row 5, column 2; 90 % without warning. */
export function summarySentence(
  { total, runs, causes, judged, withoutWarning }: FailureSummary,
  order: FailureOrder,
): string {
  if (total === 0) return 'No failure meets these conditions'
  const parts = [`${plural(total, 'failure')} in ${plural(runs, 'run')}`]
  const most = causes.find(({ value }) => order.causes?.includes(value) ?? true)
  if (most !== undefined && order.causes?.length !== 1)
    parts.push(`${formatShare(most.count / total, 0)} ${causeName(most.value)}`)
  if (judged > 0) {
    const silent = formatShare(withoutWarning / judged, 0)
    parts.push(
      judged < total
        ? `${silent} of the ${formatCount(judged)} judged came without warning`
        : `${silent} without warning`,
    )
  }
  return parts.join('; ')
}

export function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`
}

/** How long before a failure the safety critic saw it coming. */
export function warningText(warningLead: number | null): string {
  if (warningLead === null) return 'not judged'
  return warningLead === 0 ? 'no warning' : `warned ${plural(warningLead, 'frame')} before`
}
