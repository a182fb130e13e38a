import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { DrunkSpider, drunkSpiderParameters } from '../../src-main/environments/drunk-spider.ts'
import type { Environment, Step } from '../../src-main/environments/environment.ts'
import { createStreams } from '../../src-main/random.ts'

type Changes = z.input<typeof drunkSpiderParameters>
type Place = readonly [number, number]

const diagonal = Math.hypot(8, 7)

function spider(changes: Changes = {}, seed = 0): Environment {
  return new DrunkSpider(
    drunkSpiderParameters.parse({ noise: 0, ...changes }),
    createStreams(seed).environment,
  )
}

/** Puts the spider at a place with some steps taken. */
function put(environment: Environment, [row, column]: Place, steps = 0): void {
  const state = environment.snapshot()
  state.set([row, column, steps])
  environment.restore(state)
}

function placeOf(environment: Environment): Place {
  const [row = Number.NaN, column = Number.NaN] = environment.snapshot()
  return [row, column]
}

/** One step without noise from a place. */
function stepFrom(from: Place, action: Place, changes: Changes = {}, steps = 0): Step & { place: Place } {
  const environment = spider(changes)
  put(environment, from, steps)
  const step = environment.step(Float32Array.from(action))
  return { ...step, place: placeOf(environment) }
}

/** Walks from waypoint to waypoint as fast as it can, back towards the line after every gust. */
function walk(
  environment: Environment,
  waypoints: readonly Place[],
): { steps: number; return: number; end: Step } {
  environment.reset('fixed')
  const left = [...waypoints]
  let total = 0
  for (let steps = 1; ; steps++) {
    const [row, column] = placeOf(environment)
    const [next = [row, column]] = left
    const end = environment.step(Float32Array.of(next[0] - row, next[1] - column))
    total += end.reward
    if (end.terminated || end.truncated) return { steps, return: total, end }
    const [newRow, newColumn] = placeOf(environment)
    if (left.length > 1 && Math.hypot(newRow - next[0], newColumn - next[1]) < 0.25) left.shift()
  }
}

const bridge: readonly Place[] = [[7.5, 3.5]]
const detour: readonly Place[] = [
  [1, 1],
  [7, 1],
  [7, 3.5],
]

describe('DrunkSpider map', () => {
  it('has lava in rows 2 to 5 of columns 2 and 4 and is free elsewhere', () => {
    const { map } = drunkSpiderParameters.parse({})
    const lava = map.flatMap((text, row) =>
      [...text].flatMap((cell, column) => (cell === '#' ? [[row, column]] : [])),
    )
    expect(lava).toEqual(
      [2, 3, 4, 5].flatMap((row) => [
        [row, 2],
        [row, 4],
      ]),
    )
    expect([map.length, map[0]?.length]).toEqual([8, 7])
  })

  it('starts at (0.5, 3.5) and shows positions scaled to [-1, 1]', () => {
    const environment = spider()
    expect([...environment.reset('fixed')]).toEqual([Math.fround((2 * 0.5) / 8 - 1), 0])
    put(environment, [8, 7])
    expect([...environment.observe()]).toEqual([1, 1])
  })

  it('starts random episodes all over the free cells and never in lava', () => {
    const environment = spider()
    const cells = new Map<string, number>()
    const draws = 4800
    for (let i = 0; i < draws; i++) {
      environment.reset('random')
      const [row, column] = placeOf(environment)
      const cell = `${Math.floor(row)} ${Math.floor(column)}`
      cells.set(cell, (cells.get(cell) ?? 0) + 1)
    }
    expect(cells.size).toBe(48)
    for (const lava of ['2 2', '5 4']) expect(cells.has(lava)).toBe(false)
    // Chi-square with 47 degrees of freedom is below 87 with probability 0.9997.
    const chiSquare = [...cells.values()].reduce(
      (sum, count) => sum + (count - draws / 48) ** 2 / (draws / 48),
      0,
    )
    expect(chiSquare).toBeLessThan(87)
  })
})

describe('DrunkSpider step', () => {
  it('moves by the action times the scale', () => {
    expect(stepFrom([0.5, 3.5], [0.5, -0.25]).place[0]).toBeCloseTo(1, 12)
    expect(stepFrom([0.5, 3.5], [0.5, -0.25]).place[1]).toBeCloseTo(3.25, 12)
    expect(stepFrom([0.5, 3.5], [0.5, 0], { scale: 2 }).place[0]).toBeCloseTo(1.5, 12)
  })

  it('clips the noisy speed to the scale, so that wind never carries faster than a full action', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e6 }),
        fc.double({ min: 0.1, max: 0.4, noNaN: true }),
        fc.double({ min: 0, max: 3, noNaN: true }),
        fc.constantFrom('uniform', 'gaussian'),
        (seed, scale, noise, noiseKind) => {
          const environment = spider({ scale, noise, noiseKind }, seed)
          environment.step(Float32Array.of(0, 0))
          const [row, column] = placeOf(environment)
          expect(Math.abs(row - 0.5)).toBeLessThanOrEqual(scale * (1 + 1e-12))
          expect(Math.abs(column - 3.5)).toBeLessThanOrEqual(scale * (1 + 1e-12))
        },
      ),
      { seed: 1 },
    )
  })

  it.each([
    // Total width w gives the deviation w / sqrt(12).
    ['uniform', 0.2, 0.2 / Math.sqrt(12), 0.1],
    ['gaussian', 0.2, 0.2, 1],
  ] as const)('adds %s noise of the named size to both axes', (noiseKind, noise, deviation, bound) => {
    const environment = spider({ noise, noiseKind }, 5)
    const moves: number[] = []
    for (let i = 0; i < 4000; i++) {
      put(environment, [0.5, 3.5])
      // A restored state holds its generator; only the place is put back here.
      environment.step(Float32Array.of(0.25, 0))
      const [row, column] = placeOf(environment)
      if (row >= 0) moves.push(row - 0.75, column - 3.5)
    }
    const mean = moves.reduce((sum, move) => sum + move, 0) / moves.length
    const variance = moves.reduce((sum, move) => sum + (move - mean) ** 2, 0) / moves.length
    expect(Math.abs(mean)).toBeLessThan((4 * deviation) / Math.sqrt(moves.length))
    expect(Math.sqrt(variance) / deviation).toBeCloseTo(1, 1)
    expect(Math.max(...moves.map(Math.abs))).toBeLessThanOrEqual(bound)
  })

  it('fails within a step, at the substep that touches lava, and stays there', () => {
    // A full step left would end at column 2.45; the fifth of ten substeps is the first inside the lava.
    const { failure, terminated, cause, place } = stepFrom([2.5, 3.45], [0, -1])
    expect({ failure, terminated, cause }).toEqual({
      failure: true,
      terminated: true,
      cause: 'lava at row 2, column 2',
    })
    expect(place[1]).toBeCloseTo(2.95, 12)
  })

  it('fails when lava is crossed although the step would end beyond it', () => {
    expect(stepFrom([2.5, 1.5], [0, 1], { scale: 3 })).toMatchObject({
      failure: true,
      cause: 'lava at row 2, column 2',
    })
  })

  it('checks the row move before the column move of each substep', () => {
    // Towards the corner of the lava at (2, 2): row first steps onto (2.05, 1.95), which is free; then the column enters.
    const diagonally = stepFrom([1.95, 1.95], [1, 1])
    expect(diagonally).toMatchObject({ failure: true, cause: 'lava at row 2, column 2' })
    expect(diagonally.place[0]).toBeCloseTo(2.05, 12)
    expect(diagonally.place[1]).toBeCloseTo(2.05, 12)
    // From above column 2 the row enters first, so the column stays where it was.
    const fromAbove = stepFrom([1.95, 2.05], [1, 0.5])
    expect(fromAbove).toMatchObject({ failure: true, cause: 'lava at row 2, column 2' })
    expect(fromAbove.place[1]).toBeCloseTo(2.05, 12)
    // Both axes leave the map in the same substep: the row is the cause.
    expect(stepFrom([0.05, 0.05], [-1, -1]).cause).toBe('left the map at the top')
  })

  it.each([
    ['top', [0.5, 3.5], [-1, 0], 'left the map at the top'],
    ['bottom', [7.5, 0.5], [1, 0], 'left the map at the bottom'],
    ['left', [0.5, 0.5], [0, -1], 'left the map on the left'],
    ['right', [0.5, 6.5], [0, 1], 'left the map on the right'],
  ] as const)('fails on leaving the map at the %s', (_, from, action, cause) => {
    expect(stepFrom(from, action)).toMatchObject({ failure: true, terminated: true, cause })
  })
})

describe('DrunkSpider reward', () => {
  it('is minus the distance over the diagonal on the way, times the distance cost', () => {
    expect(stepFrom([0.5, 3.5], [1, 0]).reward).toBeCloseTo(-6 / diagonal, 12)
    expect(stepFrom([0.5, 3.5], [1, 0], { distanceCost: 3 }).reward).toBeCloseTo(-18 / diagonal, 12)
    expect(stepFrom([0.5, 3.5], [0, 1], { goal: [3.5, 0.5] }).reward).toBeCloseTo(-5 / diagonal, 12)
  })

  it('gives 30 and the steps left at the goal, which reaches out for less than 1', () => {
    // The tenth step of 30 leaves 20.
    const reached = stepFrom([6, 3.5], [0.75, 0], {}, 9)
    expect(reached).toMatchObject({ terminated: true, failure: false, truncated: false, cause: null })
    expect(reached.reward).toBeCloseTo(30 + 20 - 0.75 / diagonal, 12)
    expect(stepFrom([6, 3.5], [0.4375, 0], {}, 9).terminated).toBe(false)
  })

  it('takes the steps left and one on failure', () => {
    const cost = Math.hypot(5, 0.55) / diagonal
    expect(stepFrom([2.5, 3.45], [0, -1], {}, 9).reward).toBeCloseTo(-21 - cost, 12)
    expect(stepFrom([2.5, 3.45], [0, -1], {}, 29).reward).toBeCloseTo(-1 - cost, 12)
  })

  it('takes 30 at the time limit, which neither failure nor success on the last step is', () => {
    const timedOut = stepFrom([0.5, 3.5], [0, 0], {}, 29)
    expect(timedOut).toMatchObject({ truncated: true, terminated: false })
    expect(timedOut.reward).toBeCloseTo(-30 - 7 / diagonal, 12)
    expect(stepFrom([2.5, 3.5], [0, -1], {}, 29)).toMatchObject({ truncated: false, failure: true })
    const arrived = stepFrom([6, 3.5], [1, 0], {}, 29)
    expect(arrived).toMatchObject({ truncated: false, terminated: true, failure: false })
    expect(arrived.reward).toBeCloseTo(30 - 0.5 / diagonal, 12)
  })
})

describe('DrunkSpider walked by a script', () => {
  it('takes 7 steps over the bridge for a return of 51, and 10 to 12 around for 45', () => {
    const crossed = walk(spider(), bridge)
    expect(crossed.steps).toBe(7)
    // 30 + 23 steps left - (6 + 5 + 4 + 3 + 2 + 1 + 0) / diagonal
    expect(crossed.return).toBeCloseTo(53 - 21 / diagonal, 10)
    const around = walk(spider(), detour)
    expect(around.steps).toBeGreaterThanOrEqual(10)
    expect(around.steps).toBeLessThanOrEqual(12)
    expect(Math.abs(around.return - 45)).toBeLessThan(1)
  })

  function falls(route: readonly Place[], changes: Changes, episodes: number): number {
    const environment = spider(changes, 11)
    let failures = 0
    for (let episode = 0; episode < episodes; episode++) if (walk(environment, route).end.failure) failures++
    return failures / episodes
  }

  it.each([0.1, 0.2, 0.3, 0.4])('never falls under uniform noise %d', (noise) => {
    expect(falls(bridge, { noise }, 1500)).toBe(0)
    expect(falls(detour, { noise }, 1500)).toBe(0)
  })

  it('falls off the bridge in 5.6 % of the episodes under Gaussian noise 0.2, and hardly ever around it', () => {
    const episodes = 12_000
    const tolerance = 3 * Math.sqrt((0.056 * 0.944) / episodes)
    expect(Math.abs(falls(bridge, { noise: 0.2, noiseKind: 'gaussian' }, episodes) - 0.056)).toBeLessThan(
      tolerance,
    )
    expect(falls(detour, { noise: 0.2, noiseKind: 'gaussian' }, 4000)).toBeLessThan(0.005)
  })
})

describe('DrunkSpider parameters', () => {
  it('take a map that a user drew', () => {
    const changes: Changes = { map: ['..#', '...'], start: [0.5, 0.5], goal: [1.5, 2.5], episodeLength: 3 }
    expect(stepFrom([0.5, 1.5], [0, 1], changes)).toMatchObject({ cause: 'lava at row 0, column 2' })
    expect(stepFrom([1.5, 1.25], [0, 0.5], changes).reward).toBeCloseTo(30 + 2 - 0.75 / Math.hypot(2, 3), 12)
    expect([...spider(changes).observe()]).toEqual([-0.5, Math.fround(1 / 3 - 1)])
  })

  it('put lava, causes and starts where any drawn map says', () => {
    const maps = fc
      .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }))
      .chain(([rows, columns]) =>
        fc.array(fc.array(fc.constantFrom('.', '#'), { minLength: columns, maxLength: columns }), {
          minLength: rows,
          maxLength: rows,
        }),
      )
      .filter((cells) => cells.some((row) => row.includes('.')))
    fc.assert(
      fc.property(maps, fc.integer({ min: 0, max: 1e6 }), (cells, seed) => {
        const row = cells.findIndex((cells) => cells.includes('.'))
        const free: [number, number] = [row + 0.5, (cells[row]?.indexOf('.') ?? 0) + 0.5]
        const environment = spider(
          { map: cells.map((row) => row.join('')), start: free, goal: free, noise: 1 },
          seed,
        )
        const { observationSize } = environment
        expect(environment.reset('random')).toHaveLength(observationSize)
        const [startRow, startColumn] = placeOf(environment)
        expect(cells[Math.floor(startRow)]?.[Math.floor(startColumn)]).toBe('.')
        const step = environment.step(Float32Array.of(Math.cos(seed), Math.sin(seed)))
        const [endRow, endColumn] = placeOf(environment)
        const cell = cells[Math.floor(endRow)]?.[Math.floor(endColumn)]
        expect(step.failure).toBe(cell !== '.')
        if (cell === '#')
          expect(step.cause).toBe(`lava at row ${Math.floor(endRow)}, column ${Math.floor(endColumn)}`)
        else if (step.failure)
          expect(step.cause).toMatch(/^left the map (at|on) the (top|bottom|left|right)$/)
      }),
      { seed: 2 },
    )
  })

  it.each([
    ['rows of different lengths', { map: ['...', '..'] }, 'All rows of the map must have the same length.'],
    ['an empty row', { map: [''] }, 'All rows of the map must have the same length.'],
    [
      'another sign',
      { map: ['..x'], start: [0.5, 0.5], goal: [0.5, 0.5] },
      'A map is made of . (free) and # (lava) alone.',
    ],
    ['a start in lava', { start: [3, 2.5] }, 'The start must lie on a free cell of the map.'],
    ['a start beyond the edge', { start: [8, 0.5] }, 'The start must lie on a free cell of the map.'],
    ['a goal off the map', { goal: [-0.1, 3.5] }, 'The goal must lie on a free cell of the map.'],
  ] as const)('refuse %s with a sentence', (_, changes, sentence) => {
    const parsed = z.safeParse(drunkSpiderParameters, changes)
    expect(parsed.error?.issues.map(({ message }) => message)).toEqual([sentence])
  })

  it.each([
    ['noise', { noise: -0.1 }],
    ['scale', { scale: 0 }],
    ['episodeLength', { episodeLength: 2.5 }],
    ['noiseKind', { noiseKind: 'white' }],
    ['start', { start: [0.5] }],
    ['map', { map: 'none' }],
    ['map', { map: [] }],
  ] as const)('refuse a bad %s by its name', (name, changes) => {
    const parsed = z.safeParse(drunkSpiderParameters, changes)
    expect(parsed.error?.issues[0]?.path[0]).toBe(name)
  })

  it('refuse whatever else is thrown at them with issues, never by breaking', () => {
    const junk = fc.record(
      {
        map: fc.anything(),
        start: fc.anything(),
        goal: fc.anything(),
        noise: fc.anything(),
        hurry: fc.anything(),
      },
      { requiredKeys: ['hurry'] },
    )
    fc.assert(
      fc.property(junk, (junk) => {
        expect(drunkSpiderParameters.safeParse(junk).success).toBe(false)
      }),
      { seed: 3 },
    )
  })
})
