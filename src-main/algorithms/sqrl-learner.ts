import type { ParameterGroup } from '../engine/parameters.ts'
import type { Random } from '../random.ts'
import { ActionSampler } from './action-sampler.ts'
import { Interaction } from './interaction.ts'
import type { Decision, Learner, LearnerOptions } from './learner.ts'
import type { CandidateChoice } from './mask.ts'
import { MaskedPolicy } from './masked-policy.ts'
import { SafetyMultiplier } from './multiplier.ts'
import { pretrainedCopy, pretrainedState, restorePretrained } from './pretrained-policy.ts'
import { ReplayBuffer } from './replay-buffer.ts'
import { Sac } from './sac.ts'
import {
  decideFreely,
  decideRandomly,
  restoreSacNetworks,
  restoreSacState,
  sacNetworks,
  sacState,
} from './sac-learner.ts'
import { qSafeOf, SafetyCritic } from './safety-critic.ts'
import { keepTransition, SafetyLearning } from './safety-learning.ts'
import type { SqrlRunSettings } from './sqrl-settings.ts'
import {
  bufferState,
  mergeBundles,
  readNumber,
  restoreBuffer,
  restoreStreams,
  type StateBundle,
  savedBuffer,
  streamsState,
} from './state.ts'
import type { TargetPenalty } from './target-penalty.ts'
import { failureHorizon, type MeasuredThreshold, measureThreshold } from './threshold.ts'

/**
 * SQRL: "Learning to be Safe: Deep RL with a Safety Critic" (arXiv 2010.14603), Algorithms 1 and 2 on top of soft actor-critic.
 *
 * Departures, each a setting:
 * 1. `safetyOfflineShare`: part of each safety batch may come from D_offline, because D_safe alone forgets failures once the policy is good.
 * 2. `candidateChoice`: uniform among the safe candidates is Eq. 3 exactly; the paper words a weighting by log pi, an option here.
 * 3. nu is kept at or above 0 by projection instead of through its logarithm (`multiplierUpdate`): it can then rest at 0.
 * 4. `rolloutRandomStartFraction`: part of the safety rollouts start anywhere, so that D_safe covers the map.
 * 5. `failureLabelSteps`: the steps just before a failure may count as failures, because the last one is often too late to turn back.
 * 6. `fallback`: the policy as it was pre-trained may act where no candidate is safe, or offer candidates at every step, since it is what Q_safe was learnt of.
 * Q_safe counts an immediate failure as 1: a transition carries I(s'), where Eq. 2 as printed would give it gamma_safe.
 */
export class Sqrl implements Learner {
  step = 0
  readonly #options: LearnerOptions
  #settings: SqrlRunSettings
  readonly #sac: Sac
  readonly #freeSampler: ActionSampler
  readonly #masked: MaskedPolicy
  readonly #pretrained: ParameterGroup | null
  readonly #kept: number
  readonly #offline: ReplayBuffer // D_offline
  readonly #safety: SafetyLearning // D_safe
  readonly #training: Interaction
  readonly #penalty: TargetPenalty | null
  #multiplier: SafetyMultiplier // nu

  private constructor(parts: {
    options: LearnerOptions
    settings: SqrlRunSettings
    sac: Sac
    safety: SafetyLearning
    freeSampler: ActionSampler
    masked: MaskedPolicy
    pretrained: ParameterGroup | null
    penalty: TargetPenalty | null
  }) {
    const { options, settings } = parts
    const { observationSize, actionSize } = options.environment
    this.#options = options
    this.#settings = settings
    this.#sac = parts.sac
    this.#safety = parts.safety
    this.#freeSampler = parts.freeSampler
    this.#masked = parts.masked
    this.#pretrained = parts.pretrained
    this.#penalty = parts.penalty
    this.#multiplier = new SafetyMultiplier(settings.sqrl)
    this.#kept = options.phase === 'finetune' ? settings.sac.keptTransitions : 0
    const capacity = Math.min(settings.sac.replayCapacity, options.steps + this.#kept)
    this.#offline = new ReplayBuffer(capacity, observationSize, actionSize)
    this.#training = new Interaction({
      environment: options.environment,
      random: options.streams.environment,
      kind: 'training',
      randomStartFraction: settings.training.randomStartFraction,
      observer: options.observer,
    })
  }

  /** @param penalty what Q_safe takes off the critics' target in fine-tuning: RS's, not SQRL's. */
  static async create(
    options: LearnerOptions,
    settings: SqrlRunSettings,
    penalty: TargetPenalty | null = null,
  ): Promise<Sqrl> {
    const { engine, streams } = options
    const { observationSize, actionSize } = options.environment
    const { hiddenSizes } = settings.sac
    const { gammaSafe, safetyLearningRate, safetyTargetRate, safetyBatchSize, safetyLoss } = settings.sqrl
    const safetyCritic = new SafetyCritic(observationSize, actionSize, {
      hiddenSizes,
      gammaSafe,
      learningRate: safetyLearningRate,
      targetRate: safetyTargetRate,
      batchSize: safetyBatchSize,
      loss: safetyLoss,
    })
    const risk = { group: safetyCritic.network, evaluate: qSafeOf }
    const sac = await Sac.create({
      engine,
      observationSize,
      actionSize,
      settings: settings.sac,
      weights: streams.weights,
      risk,
      targetRisk: penalty === null ? null : risk,
    })
    safetyCritic.initialize(streams.weights)
    await safetyCritic.compile(engine, sac.policy)
    const sampler = (count: number, policy = sac.policy) =>
      ActionSampler.create({
        engine,
        observationSize,
        actionSize,
        count,
        policy,
        safetyCritic: safetyCritic.network,
      })
    const { candidates, fallback: kind } = settings.sqrl
    const hasFallback = options.phase === 'finetune' && kind !== 'safest'
    const pretrained = hasFallback ? pretrainedCopy(sac.policy) : null
    const candidateSampler = await sampler(candidates)
    const fallback = pretrained && {
      source: await sampler(candidates, pretrained),
      isAlongside: kind === 'alongside',
    }
    const masked = new MaskedPolicy(candidateSampler, fallback)
    return new Sqrl({
      options,
      settings,
      sac,
      safety: new SafetyLearning(options, settings.sqrl, safetyCritic, masked),
      freeSampler: await sampler(1),
      masked,
      pretrained,
      penalty,
    })
  }

  async advance(): Promise<void> {
    if (this.#options.phase === 'pretrain') await this.#pretrainStep()
    else await this.#finetuneStep()
  }

  /** Algorithm 1. The outer loop over n_pre steps is the caller's. */
  async #pretrainStep(): Promise<void> {
    const { sac, sqrl } = this.#settings
    const { streams } = this.#options
    const observation = this.#training.observe()
    const decision =
      this.step < sac.randomSteps
        ? decideRandomly(this.#options.environment.actionSize, streams.exploration)
        : sqrl.exploration === 'masked'
          ? await this.#masked.decide(observation, this.#maskAs('uniform'))
          : await decideFreely(this.#freeSampler, observation, streams.exploration)
    keepTransition(this.#offline, this.#training.step(decision).transition, sqrl)
    this.step++
    await this.#updateSac()
    if (this.step % sqrl.offlineSteps > 0) return
    for (let episode = 0; episode < sqrl.rolloutEpisodes; episode++) await this.#safety.rollout()
    for (let update = 0; update < sqrl.safetyUpdates; update++) await this.#safety.update(this.#offline)
  }

  /** Algorithm 2. */
  async #finetuneStep(): Promise<void> {
    const { sqrl } = this.#settings
    const { streams } = this.#options
    const observation = this.#training.observe()
    const decision = sqrl.mask
      ? await this.#masked.decide(observation, this.#maskAs(sqrl.candidateChoice))
      : await decideFreely(this.#freeSampler, observation, streams.exploration)
    const { transition } = this.#training.step(decision)
    keepTransition(this.#offline, transition, sqrl)
    this.step++
    if (sqrl.safetyTraining === 'online') {
      this.#safety.keep(transition)
      // Steps of the policy are on-policy rollouts here: as many updates per step as pre-training has on average.
      const due = (count: number) => Math.floor((count * sqrl.safetyUpdates) / sqrl.offlineSteps)
      for (let update = due(this.step - 1); update < due(this.step); update++)
        await this.#safety.update(this.#offline)
    }
    await this.#updateSac()
  }

  #maskAs(choice: CandidateChoice) {
    const { candidates, exploration } = this.#options.streams
    return { epsilonSafe: this.#settings.sqrl.epsilonSafe, choice, random: candidates, exploration }
  }

  /** Under the mask where the steps of this phase are. */
  async decideToEvaluate(observation: Float32Array, random: Random): Promise<Decision> {
    const { sqrl } = this.#settings
    const isMasked = this.#options.phase === 'pretrain' ? sqrl.exploration === 'masked' : sqrl.mask
    if (!isMasked) return decideFreely(this.#freeSampler, observation, random, 'mean')
    return this.#masked.decideToEvaluate(observation, sqrl.epsilonSafe, random)
  }

  async calibrate(held: Parameters<NonNullable<Learner['calibrate']>>[0]): Promise<MeasuredThreshold | null> {
    const { falseAlarmRate, gammaSafe } = this.#settings.sqrl
    if (falseAlarmRate === null) return null
    const measured = await measureThreshold({
      environment: held.environment,
      random: held.streams.environment,
      randomStartFraction: held.randomStartFraction,
      act: (observation) => decideFreely(this.#freeSampler, observation, held.streams.exploration),
      falseAlarmRate,
      horizon: failureHorizon(gammaSafe),
    })
    const sqrl = { ...this.#settings.sqrl, epsilonSafe: measured.epsilonSafe }
    this.#settings = { ...this.#settings, sqrl }
    this.#multiplier = new SafetyMultiplier(sqrl)
    return measured
  }

  /** SAC's updates; in fine-tuning with the safety term of Eq. 4 and a dual step on nu after each. */
  async #updateSac(): Promise<void> {
    const { sac, sqrl } = this.#settings
    const { streams, observer, phase, steps } = this.#options
    if (this.step < sac.learningStarts) return
    const constrained = phase === 'finetune' && sqrl.safetyTerm
    const penalty = phase === 'finetune' ? this.#penalty : null
    for (let update = 0; update < sac.updatesPerStep; update++) {
      const multiplier = constrained ? this.#multiplier.value : 0
      const targetPenalty = penalty?.at(this.step / steps) ?? 0
      const losses = await this.#sac.update(this.#offline, streams.batches, streams.updates, {
        multiplier,
        penalty: targetPenalty,
        step: this.step,
      })
      if (constrained && !Number.isNaN(losses.policyRisk)) this.#multiplier.update(losses.policyRisk)
      penalty?.update(losses.actionRisk)
      observer.onUpdate({
        ...losses,
        safetyMultiplier: this.#multiplier.value,
        ...(penalty === null ? {} : { targetPenalty }),
      })
    }
  }

  getNetworks(): StateBundle {
    return mergeBundles(sacNetworks(this.#sac), this.#safety.getNetworks(), pretrainedState(this.#pretrained))
  }

  setNetworks(networks: StateBundle): void {
    restoreSacNetworks(this.#sac, networks)
    this.#safety.setNetworks(networks)
    restorePretrained(this.#pretrained, networks, this.#sac.policy)
  }

  keepTransitions(state: StateBundle): void {
    this.#offline.addLatest(savedBuffer('offline', state, this.#options.environment), this.#kept)
  }

  getState(): StateBundle {
    return mergeBundles(
      sacState(this.#sac),
      bufferState('offline', this.#offline),
      this.#safety.getState(),
      this.#training.getState('training'),
      streamsState(this.#options.streams),
      this.#multiplier.getState(),
      this.#penalty?.getState() ?? { values: {}, arrays: {} },
      { values: { step: this.step }, arrays: {} },
    )
  }

  setState(state: StateBundle): void {
    restoreSacState(this.#sac, state)
    restoreBuffer('offline', this.#offline, state)
    this.#safety.setState(state)
    this.#training.setState('training', state)
    restoreStreams(this.#options.streams, state) // last: putting an environment back moves its stream
    this.step = readNumber(state, 'step')
    this.#multiplier.setState(state)
    this.#penalty?.setState(state)
  }
}
