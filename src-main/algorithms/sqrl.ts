import type { Method } from './learner.ts'
import { rehearsedSac } from './sac-learner.ts'
import { Sqrl } from './sqrl-learner.ts'
import { type SqrlRunSettings, sqrlRunSettings } from './sqrl-settings.ts'

/** Short rounds of rollouts and safety updates, in the proportions of the whole. */
export function rehearsedSqrl({ training, sac, sqrl }: SqrlRunSettings) {
  const parts = Math.max(1, sqrl.rolloutEpisodes)
  return {
    training,
    sac: rehearsedSac(sac),
    sqrl: {
      ...sqrl,
      offlineSteps: Math.max(1, Math.round(sqrl.offlineSteps / parts)),
      rolloutEpisodes: Math.min(1, sqrl.rolloutEpisodes),
      safetyUpdates: Math.round(sqrl.safetyUpdates / parts),
    },
  }
}

/** The paper's method: a safety critic that masks actions and weighs on the policy. */
export const sqrlMethod: Method = {
  settings: sqrlRunSettings,
  startsFrom: ['sqrl'],
  rehearse: (settings) => rehearsedSqrl(sqrlRunSettings.parse(settings)),
  create: (options) => Sqrl.create(options, sqrlRunSettings.parse(options.settings)),
}
