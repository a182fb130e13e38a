import { z } from 'zod'
import type { FailureTest, SceneDescription } from '../contract/scenes.ts'
import { RANDOM_STATE_SIZE, type Random } from '../random.ts'
import { drunkSpiderMotion, drunkSpiderScene } from './drunk-spider-scene.ts'
import type { EnvironmentDefinition, Motion, Start, Step, VisibleEnvironment } from './environment.ts'

/**
 * DrunkSpider: a spider that does not walk quite where it wants to crosses a bridge between two lakes of lava, or walks around them.
 *
 * Task: reach the goal. Action: velocity (row, column) in [-1, 1]^2, times `scale`, plus noise. Observation: position, scaled to [-1, 1].
 * Reward per step: -distance to the goal / map diagonal, times `distanceCost`; +30 and +1 per step left at the goal; -(steps left + 1) on
 * failure; -30 on the time limit. Start: `start`, or a random free cell. End: within 1 of the goal (success), on lava or off the map (failure),
 * after `episodeLength` steps (time limit). Departures from the authors' code: none in the dynamics; `gaussian` noise, which their comment
 * names, stands beside the uniform noise that the code draws.
 */

const SUBSTEPS = 10
const GOAL_RADIUS = 1
const GOAL_REWARD = 30
const TIMEOUT_REWARD = -30
const LAVA = '#'
const FREE = '.'

const position = z.tuple([z.number(), z.number()])

export const drunkSpiderParameters = z
  .strictObject({
    map: z
      .array(z.string())
      .min(1)
      .max(64)
      .default(['.......', '.......', '..#.#..', '..#.#..', '..#.#..', '..#.#..', '.......', '.......'])
      .meta({ description: `The map, one text per row: ${FREE} is free, ${LAVA} is lava.` }),
    start: position
      .default([0.5, 3.5])
      .meta({ unit: 'cells', description: 'Where an episode starts: row, column.' }),
    goal: position
      .default([7.5, 3.5])
      .meta({ unit: 'cells', description: 'What the spider walks to: row, column.' }),
    scale: z
      .number()
      .positive()
      .max(10)
      .default(1)
      .meta({ unit: 'cells per step', description: 'Speed of a full action.' }),
    noise: z.number().nonnegative().max(10).default(0.1).meta({
      unit: 'cells per step',
      description: 'Total width of uniform noise on each axis, or the standard deviation of Gaussian noise.',
    }),
    noiseKind: z
      .enum(['uniform', 'gaussian'])
      .default('uniform')
      .meta({ description: 'Distribution of the noise on each axis.' }),
    distanceCost: z
      .number()
      .nonnegative()
      .max(1000)
      .default(1)
      .meta({ description: 'Factor on the cost of being far from the goal.' }),
    episodeLength: z
      .int()
      .positive()
      .max(100_000)
      .default(30)
      .meta({ unit: 'steps', description: 'Time limit of an episode.' }),
  })
  .check(({ value, issues }) => {
    const report = (path: string, message: string): void => {
      issues.push({ code: 'custom', message, path: [path], input: value })
    }
    const width = value.map[0]?.length ?? 0
    if (width === 0 || value.map.some((row) => row.length !== width))
      return report('map', 'All rows of the map must have the same length.')
    if (value.map.some((row) => [...row].some((cell) => cell !== FREE && cell !== LAVA)))
      return report('map', `A map is made of ${FREE} (free) and ${LAVA} (lava) alone.`)
    for (const name of ['start', 'goal'] as const)
      if (isFailure(value.map, ...value[name]))
        report(name, `The ${name} must lie on a free cell of the map.`)
  })
export type DrunkSpiderParameters = z.output<typeof drunkSpiderParameters>

function cellAt(map: readonly string[], row: number, column: number): string | undefined {
  return map[Math.floor(row)]?.[Math.floor(column)]
}

function isFailure(map: readonly string[], row: number, column: number): boolean {
  return cellAt(map, row, column) !== FREE
}

const OBSERVATION_SIZE = 2
const ACTION_SIZE = 2

export class DrunkSpider implements VisibleEnvironment {
  readonly observationSize = OBSERVATION_SIZE
  readonly actionSize = ACTION_SIZE
  /** Row, column, steps taken, generator. */
  readonly stateSize = 3 + RANDOM_STATE_SIZE
  readonly stateNames = ['row', 'column', 'steps']
  readonly actionNames = ['along the rows', 'along the columns']
  readonly stateEvery = 1
  readonly maximumSteps: number
  readonly #parameters: DrunkSpiderParameters
  readonly #random: Random
  readonly #rows: number
  readonly #columns: number
  readonly #freeCells: [number, number][]
  readonly #lavaCells: [number, number][]
  #row = 0
  #column = 0
  #steps = 0

  constructor(parameters: DrunkSpiderParameters, random: Random) {
    this.#parameters = parameters
    this.#random = random
    this.maximumSteps = parameters.episodeLength
    this.#rows = parameters.map.length
    this.#columns = parameters.map[0]?.length ?? 0
    this.#freeCells = cellsOf(parameters.map, FREE)
    this.#lavaCells = cellsOf(parameters.map, LAVA)
    this.reset('fixed')
  }

  reset(start: Start): Float32Array {
    const cell = start === 'random' ? this.#randomFreePlace() : this.#parameters.start
    this.#row = cell[0]
    this.#column = cell[1]
    this.#steps = 0
    return this.observe()
  }

  step(action: Float32Array): Step {
    if (this.#steps >= this.maximumSteps) throw new Error('The episode is over; reset the environment first.')
    const rowSpeed = this.#speed(action[0] ?? 0)
    const columnSpeed = this.#speed(action[1] ?? 0)
    this.#steps++
    const cause = this.#walk(rowSpeed, columnSpeed)
    const failure = cause !== null
    const distance = this.#distanceToGoal()
    const success = !failure && distance < GOAL_RADIUS
    const truncated = !failure && !success && this.#steps === this.maximumSteps
    const reward = this.#reward(distance, failure, success, truncated)
    if (failure || success) this.#steps = this.maximumSteps
    return { observation: this.observe(), reward, failure, terminated: failure || success, truncated, cause }
  }

  observe(): Float32Array {
    return Float32Array.of((2 * this.#row) / this.#rows - 1, (2 * this.#column) / this.#columns - 1)
  }

  snapshot(): Float64Array {
    return Float64Array.of(this.#row, this.#column, this.#steps, ...this.#random.getState())
  }

  restore(state: Float64Array): void {
    if (state.length !== this.stateSize)
      throw new RangeError(`A DrunkSpider state has ${this.stateSize} numbers, not ${state.length}.`)
    const [row = 0, column = 0, steps = 0] = state
    this.#row = row
    this.#column = column
    this.#steps = steps
    this.#random.setState(state.subarray(3))
  }

  get scene(): SceneDescription {
    return drunkSpiderScene({ ...this.#parameters, goalRadius: GOAL_RADIUS, lava: LAVA })
  }

  motion(state: Float64Array, previous: Float64Array | null): Motion {
    return drunkSpiderMotion(this.#rows, placeOf(state), previous && placeOf(previous), this.#parameters.goal)
  }

  get failureTests(): FailureTest[] {
    return [{ name: 'distance to lava or edge', unit: 'cells', low: 0, high: null }]
  }

  measures([row = 0, column = 0]: Float64Array): number[] {
    return [this.#clearance(row, column)]
  }

  stateAt(x: number, y: number): Float64Array | null {
    const row = this.#rows - y
    if (isFailure(this.#parameters.map, row, x)) return null
    return Float64Array.of(row, x, 0, ...this.#random.getState())
  }

  /** Clipped action times scale, plus noise, clipped to the scale again. */
  #speed(action: number): number {
    const { scale, noise, noiseKind } = this.#parameters
    const disturbance =
      noiseKind === 'gaussian' ? noise * this.#random.normal() : noise * (this.#random.uniform() - 0.5)
    return clip(clip(action, 1) * scale + disturbance, scale)
  }

  /** Moves in substeps, one axis after the other, and stops at the first failure. Returns its cause. */
  #walk(rowSpeed: number, columnSpeed: number): string | null {
    for (let substep = 0; substep < SUBSTEPS; substep++) {
      this.#row += rowSpeed / SUBSTEPS
      const byRow = this.#failureCause()
      if (byRow) return byRow
      this.#column += columnSpeed / SUBSTEPS
      const byColumn = this.#failureCause()
      if (byColumn) return byColumn
    }
    return null
  }

  /** Cells to the nearest lava or edge; in there, less than 0. */
  #clearance(row: number, column: number): number {
    const { map } = this.#parameters
    if (isFailure(map, row, column))
      return Math.min(-Number.EPSILON, -distanceToCells(this.#freeCells, row, column))
    const edge = Math.min(row, this.#rows - row, column, this.#columns - column)
    return Math.min(edge, distanceToCells(this.#lavaCells, row, column))
  }

  #failureCause(): string | null {
    const cell = cellAt(this.#parameters.map, this.#row, this.#column)
    if (cell === FREE) return null
    if (cell === LAVA) return `lava at row ${Math.floor(this.#row)}, column ${Math.floor(this.#column)}`
    if (this.#row < 0) return 'left the map at the top'
    if (this.#row >= this.#rows) return 'left the map at the bottom'
    return this.#column < 0 ? 'left the map on the left' : 'left the map on the right'
  }

  #reward(distance: number, failure: boolean, success: boolean, truncated: boolean): number {
    const stepsLeft = this.maximumSteps - this.#steps
    const cost = (-this.#parameters.distanceCost * distance) / Math.hypot(this.#rows, this.#columns)
    if (failure) return cost - (stepsLeft + 1)
    if (success) return cost + GOAL_REWARD + stepsLeft
    return truncated ? cost + TIMEOUT_REWARD : cost
  }

  #distanceToGoal(): number {
    const [row, column] = this.#parameters.goal
    return Math.hypot(this.#row - row, this.#column - column)
  }

  #randomFreePlace(): [number, number] {
    const [row, column] =
      this.#freeCells[this.#random.integer(this.#freeCells.length)] ?? this.#parameters.start
    return [row + this.#random.uniform(), column + this.#random.uniform()]
  }
}

function cellsOf(map: readonly string[], kind: string): [number, number][] {
  return map.flatMap((text, row) =>
    [...text].flatMap((cell, column) => (cell === kind ? [[row, column] satisfies [number, number]] : [])),
  )
}

/** From a place to the nearest of the cells, each a square of side 1 with its least row and column. */
function distanceToCells(cells: readonly [number, number][], row: number, column: number): number {
  const beyond = (value: number, low: number) => Math.max(low - value, 0, value - low - 1)
  return Math.min(...cells.map((cell) => Math.hypot(beyond(row, cell[0]), beyond(column, cell[1]))))
}

const placeOf = ([row = 0, column = 0]: Float64Array): [number, number] => [row, column]

const clip = (value: number, limit: number): number => Math.min(limit, Math.max(-limit, value))

export const drunkSpider: EnvironmentDefinition<DrunkSpiderParameters> = {
  parameters: drunkSpiderParameters,
  sizes: ({ episodeLength }) => ({
    observationSize: OBSERVATION_SIZE,
    actionSize: ACTION_SIZE,
    maximumSteps: episodeLength,
    pastSteps: 0,
  }),
  create: async (parameters, random) => new DrunkSpider(parameters, random),
}
