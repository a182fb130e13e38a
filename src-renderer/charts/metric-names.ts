export interface MetricName {
  label: string
  unit?: string
  help: string
}

/** What the lab's own metrics mean, in the order in which they are shown. */
const known: Record<string, MetricName> = {
  successRate: {
    label: 'Success rate',
    help: 'Share of the last 100 policy episodes that reached the goal.',
  },
  evaluationReturn: {
    label: 'Evaluation return',
    help: 'Mean of episodes apart from training, with the policy’s most likely actions.',
  },
  evaluationFailureRate: {
    label: 'Evaluation failure rate',
    help: 'Share of the episodes apart from training that failed, with the policy’s most likely actions. They count in no figure of training.',
  },
  evaluationSuccessRate: {
    label: 'Evaluation success rate',
    help: 'Share of the episodes apart from training that reached the goal.',
  },
  episodeLength: { label: 'Episode length', unit: 'steps', help: 'Mean of the last 100 policy episodes.' },
  velocity: { label: 'Velocity', unit: 'm/s', help: 'Mean forward velocity in the policy’s own steps.' },
  velocityError: {
    label: 'Velocity error',
    unit: 'm/s',
    help: 'Mean distance of the velocity from the one asked for, in the policy’s own steps.',
  },
  orientationError: {
    label: 'Orientation error',
    unit: 'rad',
    help: 'Mean norm of the angles by which the cube is off its goal, in the policy’s own steps.',
  },
  criticLoss: { label: 'Critic loss', help: 'Squared Bellman error of the twin critics of the return.' },
  policyLoss: {
    label: 'Policy loss',
    help: 'What the policy minimises: temperature, return and, in SQRL, safety.',
  },
  meanQ: { label: 'Q of the return', help: 'Mean over the batches of the first critic.' },
  entropy: { label: 'Entropy', unit: 'nats', help: 'Of the policy, over the batches.' },
  temperature: { label: 'Temperature α', help: 'Weight of the entropy, learned towards the target entropy.' },
  safetyLoss: { label: 'Safety critic loss', help: 'Error of Q_safe against its Bellman target.' },
  batchQSafe: { label: 'Q_safe in batches', help: 'Mean over the batches that train the safety critic.' },
  chosenQSafe: { label: 'Q_safe chosen', help: 'Mean at the actions that the policy took.' },
  policyRisk: {
    label: 'Q_safe of the policy',
    help: 'Mean at fresh actions of the policy, over the batches.',
  },
  safetyMultiplier: { label: 'Multiplier ν', help: 'Weight of the safety term in the policy’s loss.' },
  expectedCost: {
    label: 'Expected cost J_C',
    help: 'Mean discounted failure cost of the episodes of a batch, which CPO keeps below its limit d.',
  },
  kl: {
    label: 'KL of the update',
    unit: 'nats',
    help: 'Mean divergence of the policy after an update of CPO from that before: at most δ; 0 where no step was accepted.',
  },
  rewardSurrogate: {
    label: 'Surrogate of the return',
    help: 'What an update of CPO gains by the batch’s own advantages, in their standard deviations.',
  },
  costSurrogate: {
    label: 'Surrogate of the cost',
    help: 'By how much an update of CPO changes J_C, by the batch’s own advantages.',
  },
  trustRegionMultiplier: {
    label: 'Multiplier λ of the trust region',
    help: 'Price of the divergence in the step; 0 where CPO only recovers.',
  },
  costMultiplier: {
    label: 'Multiplier ν of the cost',
    help: 'Price of the failure cost in the step; 0 where the limit does not shape it.',
  },
  recoveryShare: {
    label: 'Recovery steps',
    help: 'Share of the updates that only lower the failure cost, because one step cannot meet its limit.',
  },
  acceptedShare: {
    label: 'Accepted updates',
    help: 'Share of the updates for which the line search found a policy that keeps both constraints.',
  },
  lineSearchSteps: { label: 'Line search', unit: 'policies', help: 'Policies tried for an update of CPO.' },
  returnValueLoss: {
    label: 'Value loss of the return',
    help: 'Squared error of CPO’s value network of the return.',
  },
  costValueLoss: {
    label: 'Value loss of the cost',
    help: 'Squared error of CPO’s value network of the failure cost.',
  },
  maskAcceptance: { label: 'Mask acceptance', help: 'Share of candidate actions with Q_safe of at most ε.' },
  noSafeCandidate: {
    label: 'No safe candidate',
    help: 'Share of steps on which the mask refused every candidate.',
  },
  calibrationAuc: {
    label: 'Calibration: AUC',
    help: 'Chance that Q_safe ranks a step before a failure above one that is not; before the critic was trained on them.',
  },
  calibrationBrier: {
    label: 'Calibration: Brier',
    help: 'Mean squared difference between Q_safe and whether the episode failed within the critic’s horizon. Lower is better.',
  },
  stepsPerSecond: { label: 'Speed', unit: 'steps/s', help: 'Policy steps per second.' },
  updatesPerSecond: { label: 'Updates', unit: '1/s', help: 'Gradient updates of the agent per second.' },
  memoryMegabytes: { label: 'Memory', unit: 'MB', help: 'Of the worker’s process.' },
}

/** Drawn from the episodes themselves, above the small charts. */
const drawnElsewhere = new Set(['return', 'failureRate', 'failureRateWindow', 'cumulativeFailures'])

/** Names to show, the known ones first and in their order. */
export function orderMetrics(names: Iterable<string>): string[] {
  const order = Object.keys(known)
  const rank = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length)
  return [...names]
    .filter((name) => !drawnElsewhere.has(name))
    .sort((a, b) => rank(a) - rank(b) || a.localeCompare(b))
}

/** A metric that is not known here is shown under its own name. */
export function metricName(name: string): MetricName {
  return known[name] ?? { label: humanise(name), help: name }
}

/** criticLoss becomes Critic loss; a group before a slash or dot stays in front. */
export function humanise(name: string): string {
  const words = name
    .replaceAll(/[./_]/g, ' ')
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
