import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { POSE_SIZE, sceneDescription, VELOCITY_SIZE } from '../../src-main/contract/scenes.ts'
import type { Environment, Start, Step, VisibleEnvironment } from '../../src-main/environments/environment.ts'
import { createStreams, type Random } from '../../src-main/random.ts'

export interface Subject {
  name: string
  create: (random: Random) => VisibleEnvironment
  /** Observations of states that are no failure lie in [-1, 1]. */
  observesUnitRange: boolean
  /** An action that outlasts the time limit from the task's start. */
  idle: (environment: Environment) => Float32Array
  /** An action under which episodes fail sooner or later. */
  reckless: (environment: Environment) => Float32Array
}

const randomOf = (seed: number): Random => createStreams(seed).environment
const starts: readonly Start[] = ['fixed', 'random']

/** What every environment promises to learners, recorders and replays, whatever it simulates. */
export function describeConformance(subject: Subject): void {
  const { create } = subject
  const { actionSize } = create(randomOf(0))

  const actions = fc.array(
    fc
      .array(fc.double({ min: -1.5, max: 1.5, noNaN: true }), {
        minLength: actionSize,
        maxLength: actionSize,
      })
      .map((values) => Float32Array.from(values)),
    { minLength: 1, maxLength: 40 },
  )
  const seed = fc.integer({ min: 0, max: 2 ** 31 - 1 })

  /** Plays on through ends, which start the next episode; what came of every action, and the state after it. */
  function play(
    environment: Environment,
    script: readonly Float32Array[],
  ): { step: Step; state: Float64Array }[] {
    let ended = false
    return script.map((action) => {
      if (ended) environment.reset('random')
      const step = environment.step(action)
      ended = step.terminated || step.truncated
      return { step, state: environment.snapshot() }
    })
  }

  function untilEnd(environment: Environment, act: (environment: Environment) => Float32Array): Step[] {
    const steps: Step[] = []
    for (;;) {
      const step = environment.step(act(environment))
      steps.push(step)
      if (step.terminated || step.truncated) return steps
    }
  }

  describe(`environment ${subject.name}`, () => {
    it.each(starts)('repeats itself after a %s reset under the same seed and the same actions', (start) => {
      fc.assert(
        fc.property(seed, actions, (seed, script) => {
          const [first, second] = [create(randomOf(seed)), create(randomOf(seed))]
          expect(first.reset(start)).toEqual(second.reset(start))
          expect(play(first, script)).toEqual(play(second, script))
        }),
        { numRuns: 30, seed: 1 },
      )
    })

    it('does something else under another seed', () => {
      const script = Array.from({ length: 5 }, () => new Float32Array(actionSize))
      const trajectories = [1, 2, 3].map((seed) => {
        const environment = create(randomOf(seed))
        environment.reset('random')
        return play(environment, script).map(({ state }) => [...state].join())
      })
      expect(new Set(trajectories.map((trajectory) => trajectory.join())).size).toBe(3)
    })

    it('goes on from a restored snapshot as it went on before, in another instance too', () => {
      fc.assert(
        fc.property(seed, actions, actions, (seed, before, after) => {
          const original = create(randomOf(seed))
          const ended = play(original, before).at(-1)?.step
          if (ended?.terminated || ended?.truncated) original.reset('fixed')
          const state = original.snapshot()
          expect(state).toHaveLength(original.stateSize)
          const kept = state.slice()
          const observation = original.observe()
          const followed = play(original, after)
          expect(state).toEqual(kept)

          original.restore(state)
          expect(play(original, after)).toEqual(followed)
          const other = create(randomOf(seed + 1))
          other.restore(state)
          expect(other.observe()).toEqual(observation)
          expect(other.snapshot()).toEqual(state)
          expect(play(other, after)).toEqual(followed)
        }),
        { numRuns: 30, seed: 2 },
      )
    })

    it('refuses a state of another size', () => {
      const environment = create(randomOf(0))
      expect(() => environment.restore(new Float64Array(environment.stateSize + 1))).toThrow(RangeError)
    })

    it('keeps its sizes, gives finite numbers, and never writes into what it returned', () => {
      fc.assert(
        fc.property(seed, fc.constantFrom(...starts), actions, (seed, start, script) => {
          const environment = create(randomOf(seed))
          const { observationSize, stateSize, maximumSteps } = environment
          expect(environment.stateNames.length).toBeLessThanOrEqual(stateSize)
          expect(new Set(environment.actionNames).size).toBe(actionSize)
          const first = environment.reset(start)
          const steps = play(environment, script)
          const copies = steps.map(({ step }) => [...step.observation])
          play(
            environment,
            [new Float32Array(actionSize)].filter(() => !isEnd(steps.at(-1)?.step)),
          )
          expect(steps.map(({ step }) => [...step.observation])).toEqual(copies)
          expect([environment.observationSize, environment.stateSize, environment.maximumSteps]).toEqual([
            observationSize,
            stateSize,
            maximumSteps,
          ])
          for (const { step, state } of steps) {
            expect(step.observation).toHaveLength(observationSize)
            expect([...step.observation, step.reward, ...state].every(Number.isFinite)).toBe(true)
          }
          if (!subject.observesUnitRange) return
          for (const observation of [
            first,
            ...steps.filter(({ step }) => !step.failure).map(({ step }) => step.observation),
          ])
            expect(observation.every((value) => value >= -1 && value <= 1)).toBe(true)
        }),
        { numRuns: 30, seed: 3 },
      )
    })

    it('ends at its time limit with `truncated` alone', () => {
      const environment = create(randomOf(0))
      environment.reset('fixed')
      const steps = untilEnd(environment, subject.idle)
      expect(steps).toHaveLength(environment.maximumSteps)
      expect(steps.at(-1)).toMatchObject({ truncated: true, terminated: false, failure: false, cause: null })
    })

    it('ends a failure at once, with its cause', () => {
      const failures: Step[] = []
      for (let seed = 0; seed < 20; seed++) {
        const environment = create(randomOf(seed))
        environment.reset('random')
        const end = untilEnd(environment, subject.reckless).at(-1)
        if (end?.failure) failures.push(end)
      }
      expect(failures.length).toBeGreaterThan(0)
      for (const failure of failures) {
        expect(failure).toMatchObject({ terminated: true, truncated: false })
        expect(failure.cause).toMatch(/\w/)
      }
    })

    it('marks every step as going on or as one kind of end, never two', () => {
      fc.assert(
        fc.property(seed, actions, (seed, script) => {
          const environment = create(randomOf(seed))
          environment.reset('random')
          for (const { step } of play(environment, script)) {
            expect(step.terminated && step.truncated).toBe(false)
            if (step.failure) expect(step.terminated).toBe(true)
            expect(step.cause !== null).toBe(step.failure)
          }
        }),
        { numRuns: 50, seed: 4 },
      )
    })

    it.each(['idle', 'reckless'] as const)('takes no step after the end of an episode (%s)', (policy) => {
      const environment = create(randomOf(3))
      environment.reset('fixed')
      untilEnd(environment, subject[policy])
      expect(() => environment.step(new Float32Array(actionSize))).toThrow(/reset/)
      const ended = environment.snapshot()
      const other = create(randomOf(4))
      other.restore(ended)
      expect(() => other.step(new Float32Array(actionSize))).toThrow(/reset/)
      other.reset('fixed')
      expect(() => other.step(new Float32Array(actionSize))).not.toThrow()
    })

    it('clips actions to [-1, 1]', () => {
      fc.assert(
        fc.property(seed, actions, (seed, script) => {
          const clipped = script.map((action) => action.map((value) => Math.max(-1, Math.min(1, value))))
          const [first, second] = [create(randomOf(seed)), create(randomOf(seed))]
          const far = script.map((action, row) =>
            action.map((value, index) => (Math.abs(clipped[row]?.[index] ?? 0) === 1 ? 1000 * value : value)),
          )
          expect(play(first, far)).toEqual(play(second, clipped))
        }),
        { numRuns: 30, seed: 5 },
      )
    })

    it('draws every state it passes through as finite poses of unit rotations', () => {
      fc.assert(
        fc.property(seed, actions, (number, script) => {
          const environment = create(randomOf(number))
          const { scene } = environment
          expect(sceneDescription.parse(scene)).toEqual(scene)
          const moving = scene.bodies.filter(({ massKilograms }) => massKilograms !== null)
          let previous: Float64Array | null = null
          for (const { state } of play(environment, script)) {
            const { poses, velocities } = environment.motion(state, previous)
            expect(poses).toHaveLength(moving.length * POSE_SIZE)
            expect(velocities).toHaveLength(moving.length * VELOCITY_SIZE)
            expect([...poses, ...velocities].every(Number.isFinite)).toBe(true)
            for (let index = 0; index < moving.length; index++)
              expect(Math.hypot(...poses.slice(index * POSE_SIZE + 3, (index + 1) * POSE_SIZE))).toBeCloseTo(
                1,
              )
            previous = state
          }
        }),
        { numRuns: 20 },
      )
    })

    it('fails exactly where one of its failure tests measures too much or too little', () => {
      let failures = 0
      for (let seed = 0; seed < 12; seed++) {
        const environment = create(randomOf(seed))
        const { failureTests } = environment
        environment.reset('random')
        for (let isOver = false; !isOver; ) {
          const act = seed % 2 === 0 ? subject.reckless : subject.idle
          const step = environment.step(act(environment))
          const measured = environment.measures(environment.snapshot())
          expect(measured).toHaveLength(failureTests.length)
          const isBroken = failureTests.some(({ low, high }, index) => {
            const value = measured[index] ?? Number.NaN
            return value < (low ?? Number.NEGATIVE_INFINITY) || value > (high ?? Number.POSITIVE_INFINITY)
          })
          if (step.cause !== 'the simulation became unstable') expect(isBroken).toBe(step.failure)
          if (step.failure) failures++
          isOver = isEnd(step)
        }
      }
      expect(failures).toBeGreaterThan(3)
    })

    it('is pushed as its scene says: alike each time, and not at all by nothing', () => {
      const environment = create(randomOf(0))
      const { largestPush, bodies, mainBody } = environment.scene
      expect(environment.push !== undefined).toBe(largestPush !== null)
      if (largestPush === null) return
      const index = bodies
        .filter(({ massKilograms }) => massKilograms !== null)
        .findIndex(({ name }) => name === mainBody)
      const still = new Float32Array(actionSize)
      const begun = play(environment, [still, still]).at(-1)?.state ?? new Float64Array(0)
      const goOn = (x: number) => {
        environment.restore(begun)
        environment.push?.([x, 0, 0])
        const state = environment.snapshot()
        const speed = environment.motion(state, begun).velocities[index * VELOCITY_SIZE] ?? 0
        return { speed, state, steps: play(environment, [still, still, still]) }
      }
      const [nothing, pushed] = [goOn(0), goOn(largestPush / 4)]
      expect(nothing.state).toEqual(begun)
      expect(pushed.speed).toBeGreaterThan(nothing.speed)
      expect(pushed.steps).not.toEqual(nothing.steps)
      expect(goOn(largestPush / 4)).toEqual(pushed)
      expect(goOn(0)).toEqual(nothing)
      environment.restore(begun)
      expect(play(environment, [still, still, still])).toEqual(nothing.steps)
    })

    it('maps places of its field to states that stand there', () => {
      const environment = create(randomOf(0))
      const { field, bodies, mainBody } = environment.scene
      if (field === null) return expect(environment.stateAt(0, 0)).toBeNull()
      const index = bodies
        .filter(({ massKilograms }) => massKilograms !== null)
        .findIndex(({ name }) => name === mainBody)
      const [x, y] = [0, 1].map((axis) => ((field.low[axis] ?? 0) + (field.high[axis] ?? 0)) / 2)
      const state = environment.stateAt(x ?? 0, y ?? 0)
      expect(state).not.toBeNull()
      if (state === null) return
      const { poses } = environment.motion(state, null)
      expect(poses[index * POSE_SIZE]).toBeCloseTo(x ?? 0)
      expect(poses[index * POSE_SIZE + 1]).toBeCloseTo(y ?? 0)
    })
  })
}

const isEnd = (step: Step | undefined): boolean => step?.terminated === true || step?.truncated === true
