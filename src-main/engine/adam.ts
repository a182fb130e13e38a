import { adamStep, allocateFloats } from './kernels.ts'
import type { ParameterGroup } from './parameters.ts'

const BETA1 = 0.9
const BETA2 = 0.999
const EPSILON = 1e-8

/** Adam (Kingma & Ba 2015) over one parameter group, in place. */
export class Adam {
  readonly group: ParameterGroup
  readonly firstMoment: Float32Array
  readonly secondMoment: Float32Array
  step = 0
  readonly #gradient: Float32Array

  constructor(group: ParameterGroup) {
    if (!group.gradient) throw new TypeError(`The parameters of ${group.name} are not trainable.`)
    this.group = group
    this.#gradient = group.gradient
    this.firstMoment = allocateFloats(group.values.length)
    this.secondMoment = allocateFloats(group.values.length)
  }

  /** Moves the group's values along its gradient. */
  apply(learningRate: number): void {
    this.step++
    adamStep(this.group.values, this.#gradient, this.firstMoment, this.secondMoment, this.step, {
      learningRate,
      beta1: BETA1,
      beta2: BETA2,
      epsilon: EPSILON,
    })
  }
}

/** Adam for one number in double precision, for multipliers. */
export class ScalarAdam {
  firstMoment = 0
  secondMoment = 0
  step = 0

  /** Change to add to the number for a gradient to descend. */
  delta(gradient: number, learningRate: number): number {
    this.step++
    this.firstMoment = BETA1 * this.firstMoment + (1 - BETA1) * gradient
    this.secondMoment = BETA2 * this.secondMoment + (1 - BETA2) * gradient * gradient
    const first = this.firstMoment / (1 - BETA1 ** this.step)
    const second = this.secondMoment / (1 - BETA2 ** this.step)
    return (-learningRate * first) / (Math.sqrt(second) + EPSILON)
  }
}
