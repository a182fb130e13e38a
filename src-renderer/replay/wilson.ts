/** 97.5 % point of the standard normal distribution. */
const z95 = 1.959963984540054

/** Wilson's score interval, 95 %, of a share that was counted in independent trials. */
export function wilsonInterval(events: number, trials: number): { low: number; high: number } {
  if (trials === 0) return { low: 0, high: 1 }
  const share = events / trials
  const denominator = 1 + z95 ** 2 / trials
  const centre = (share + z95 ** 2 / (2 * trials)) / denominator
  const half = (z95 / denominator) * Math.sqrt((share * (1 - share)) / trials + z95 ** 2 / (4 * trials ** 2))
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) }
}

/** Such as: 14 of 50 fail (28 %, 95 % interval 17 to 42 %). */
export const failureSentence = (failures: number, trials: number): string =>
  shareSentence(failures, trials, failures === 1 ? 'fails' : 'fail')

/** Such as: 36 of 50 recover (72 %, 95 % interval 58 to 83 %). */
export const recoverySentence = (failures: number, trials: number): string =>
  shareSentence(trials - failures, trials, trials - failures === 1 ? 'recovers' : 'recover')

function shareSentence(events: number, trials: number, verb: string): string {
  if (trials === 0) return 'None has ended yet.'
  const { low, high } = wilsonInterval(events, trials)
  const percent = (share: number) => Math.round(share * 100)
  return `${events} of ${trials} ${verb} (${percent(events / trials)}\u202f%, 95\u202f% interval ${percent(low)} to ${percent(high)}\u202f%)`
}
