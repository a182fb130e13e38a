import type { RequestDefaults, ThresholdPoint, ThresholdTable } from '../../src-main/contract/index.ts'
import { formatShare } from '../text/numbers.ts'
import { type FormValue, type FormValues, withValue } from './request.ts'

/** The two forms in which fine-tuning can be given its threshold. */
export type ThresholdForm = 'probability' | 'falseAlarms'

export const epsilonName = 'sqrl.epsilonSafe'
export const rateName = 'sqrl.falseAlarmRate'
/** Of CPO. */
export const limitName = 'cpo.epsilonSafe'
export const costDiscountName = 'cpo.costDiscount'

/** The entry that holds: that of fine-tuning where there is one. A rate is of fine-tuning alone, unless a file says otherwise. */
export function keyOf(settings: FormValues, form: ThresholdForm): string {
  if (form === 'falseAlarms') return rateName in settings ? rateName : `finetune.${rateName}`
  return `finetune.${epsilonName}` in settings ? `finetune.${epsilonName}` : epsilonName
}

export interface ChosenThreshold {
  form: ThresholdForm
  /** What the form's entry holds, by itself or by default; null where it is several values. */
  value: number | null
}

/** As the lab reads a request: an asked rate holds, then an asked probability, then what the preset or the run has. */
export function chosenThreshold(settings: FormValues, defaults: RequestDefaults | null): ChosenThreshold {
  const rate = settings[keyOf(settings, 'falseAlarms')]
  const epsilonSafe = settings[keyOf(settings, 'probability')]
  const ofDefaults = (name: string) => defaults?.settings[name]?.finetune ?? null
  const numeric = (value: unknown) => (typeof value === 'number' ? value : null)
  if (rate !== undefined) return { form: 'falseAlarms', value: numeric(rate) }
  if (epsilonSafe !== undefined) return { form: 'probability', value: numeric(epsilonSafe) }
  const ownRate = numeric(ofDefaults(rateName))
  if (ownRate !== null) return { form: 'falseAlarms', value: ownRate }
  return { form: 'probability', value: numeric(ofDefaults(epsilonName)) }
}

const USUAL_RATE = 0.01

/** The threshold in the other form: what it comes to where that was measured, else what is usual. */
export function inForm(
  settings: FormValues,
  to: ThresholdForm,
  defaults: RequestDefaults | null,
  point: ThresholdPoint | null,
): FormValues {
  if (to === 'falseAlarms') {
    const rate = point === null || point.falseAlarmRate > 0.5 ? USUAL_RATE : plain(point.falseAlarmRate)
    const others = withValue(settings, `finetune.${epsilonName}`, null)
    return withValue(others, keyOf(others, to), rate)
  }
  const others = withValue(withValue(settings, rateName, null), `finetune.${rateName}`, null)
  if (point !== null) return withValue(others, keyOf(others, to), point.epsilonSafe)
  // Without an entry of its own the rate of the preset or the run would hold again.
  const { form } = chosenThreshold(others, defaults)
  const usual = defaults?.settings[epsilonName]?.finetune
  return form === to ? others : withValue(others, keyOf(others, to), typeof usual === 'number' ? usual : 0.1)
}

export const valueOfPoint = (form: ThresholdForm, point: ThresholdPoint): FormValue =>
  form === 'probability' ? point.epsilonSafe : plain(point.falseAlarmRate)

/** The measured threshold that comes nearest to the chosen one; for a rate, the strictest that keeps to it. */
export function pointOf(table: ThresholdTable | null, chosen: ChosenThreshold): ThresholdPoint | null {
  const { form, value } = chosen
  if (table === null || value === null) return null
  const points = [...table.byRate, ...table.points].toSorted((a, b) => a.epsilonSafe - b.epsilonSafe)
  if (form === 'falseAlarms')
    return points.find(({ falseAlarmRate }) => falseAlarmRate <= value) ?? points.at(-1) ?? null
  const distance = ({ epsilonSafe }: ThresholdPoint) =>
    Math.abs(Math.log(Math.max(epsilonSafe, 1e-9) / Math.max(value, 1e-9)))
  return points.reduce<ThresholdPoint | null>(
    (best, point) => (best === null || distance(point) < distance(best) ? point : best),
    null,
  )
}

/** What a threshold does, as the rest of a sentence. */
export function effectOf({ falseAlarmRate, failuresForeseen, stepsAhead }: ThresholdPoint): string {
  const ahead =
    stepsAhead === null ? '' : `, usually ${stepsAhead} ${stepsAhead === 1 ? 'step' : 'steps'} ahead`
  return `${formatShare(falseAlarmRate)} of harmless actions refused, ${formatShare(failuresForeseen, 0)} of failures foreseen${ahead}`
}

const plain = (rate: number): number => Number(rate.toPrecision(2))
