import type { Random } from '../random.ts'
import type { Candidates } from './action-sampler.ts'

/**
 * How an action is chosen among the safe candidates. uniform: the exact masked policy of Eq. 3, as candidates are drawn from pi already. first: the same
 * distribution by rejection, so that nothing changes where the first candidate is safe.
 * logProbability: weighted by pi once more, as the paper words it, which is sharper than Eq. 3. riskiest: the safe candidate closest to the
 * threshold, for pre-training rollouts. safest: the lowest Q_safe.
 */
export type CandidateChoice = 'uniform' | 'first' | 'logProbability' | 'riskiest' | 'safest'

/**
 * Index of the action that the masked policy takes (Eq. 3): one with Q_safe <= epsilonSafe, or the one with the lowest Q_safe where none is
 * safe. Always draws one number, so that streams stay aligned between settings.
 */
export function selectSafeAction(
  { count, qSafe, logProbabilities }: Candidates,
  epsilonSafe: number,
  choice: CandidateChoice,
  random: Random,
): number {
  const draw = random.uniform()
  const safe: number[] = []
  let safest = 0
  for (let index = 0; index < count; index++) {
    const risk = at(qSafe, index)
    if (risk <= epsilonSafe) safe.push(index)
    if (risk < at(qSafe, safest)) safest = index
  }
  if (safe.length === 0 || choice === 'safest') return safest
  if (choice === 'riskiest')
    return safe.reduce((best, index) => (at(qSafe, index) > at(qSafe, best) ? index : best))
  if (choice === 'first') return safe[0] ?? safest
  if (choice === 'uniform') return safe[Math.floor(draw * safe.length)] ?? safest
  const highest = Math.max(...safe.map((index) => at(logProbabilities, index)))
  const weights = safe.map((index) => Math.exp(at(logProbabilities, index) - highest))
  let left = draw * weights.reduce((sum, weight) => sum + weight, 0)
  for (const [position, index] of safe.entries()) {
    left -= weights[position] ?? 0
    if (left < 0) return index
  }
  return safe.at(-1) ?? safest
}

/**
 * The same without chance, where the first candidate is the policy's mean: that one if it is safe, else the likeliest safe one, else the one with
 * the lowest Q_safe.
 */
export function selectLikelySafeAction(
  { count, qSafe, logProbabilities }: Candidates,
  epsilonSafe: number,
): number {
  if (at(qSafe, 0) <= epsilonSafe) return 0
  let [safest, likeliest] = [0, -1]
  for (let index = 0; index < count; index++) {
    if (at(qSafe, index) < at(qSafe, safest)) safest = index
    if (at(qSafe, index) > epsilonSafe) continue
    if (likeliest < 0 || at(logProbabilities, index) > at(logProbabilities, likeliest)) likeliest = index
  }
  return likeliest < 0 ? safest : likeliest
}

const at = (values: Float32Array, index: number): number => values[index] ?? Number.NaN
