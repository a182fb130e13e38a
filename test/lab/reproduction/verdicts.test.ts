import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { printColours } from '../../../src-main/lab/reproduction/drawing.ts'
import {
  atMost,
  type Check,
  compare,
  type Direction,
  verdictOf,
} from '../../../src-main/lab/reproduction/verdicts.ts'

const seeds = (...values: number[]) => values.map((value, seed) => ({ seed, value }))
const low = seeds(0.01, 0.02, 0.01, 0.03, 0.02)
const high = seeds(0.11, 0.12, 0.13, 0.11, 0.14)
const mixed = seeds(0.005, 0.03, 0.002, 0.05, 0.01)
const outcome = (direction: Direction, ours: typeof low, theirs: typeof low) =>
  compare('It is so.', direction, ours, theirs).outcome

describe('a check', () => {
  it('holds or is contradicted where the whole interval lies on one side, and is unclear otherwise', () => {
    expect(outcome('lower', low, high)).toBe('holds')
    expect(outcome('lower', high, low)).toBe('contradicted')
    expect(outcome('lower', low, mixed)).toBe('unclear')
    expect(outcome('higher', high, low)).toBe('holds')
    expect(outcome('higher', low, high)).toBe('contradicted')
  })

  it('allows a tenth of the other mean where it says "no worse"', () => {
    const ten = seeds(10, 11, 9, 10, 10)
    const shifted = (by: number) => ten.map(({ seed, value }) => ({ seed, value: value + by }))
    expect(outcome('noLower', ten, ten)).toBe('holds')
    expect(outcome('noLower', shifted(-0.9), ten)).toBe('holds')
    expect(outcome('noLower', shifted(-1.1), ten)).toBe('contradicted')
    expect(outcome('noHigher', shifted(0.9), ten)).toBe('holds')
    expect(outcome('noHigher', shifted(1.1), ten)).toBe('contradicted')
    expect(outcome('noHigher', seeds(8, 13, 9, 13, 10), ten)).toBe('unclear')
  })

  it('is left open with fewer than five seeds in common', () => {
    expect(outcome('lower', low.slice(1), high)).toBe('too few seeds')
    const apart = high.map(({ seed, value }) => ({ seed: seed + 5, value }))
    expect(outcome('lower', low, apart)).toBe('too few seeds')
    expect(outcome('lower', [], high)).toBe('too few seeds')
  })

  it('holds a rate against a bound by its interval', () => {
    const rate = (from: number, to: number) =>
      atMost('It is.', 0.02, { mean: from, low: from, high: to }, 5).outcome
    expect(rate(0.005, 0.02)).toBe('holds')
    expect(rate(0.01, 0.03)).toBe('unclear')
    expect(rate(0.03, 0.04)).toBe('contradicted')
    expect(atMost('It is.', 0.02, { mean: 0, low: 0, high: 0.01 }, 4).outcome).toBe('too few seeds')
  })
})

describe('a verdict', () => {
  const [good, unclear, bad, few]: Check[] = [
    compare('a', 'lower', low, high),
    compare('b', 'lower', low, mixed),
    compare('c', 'lower', high, low),
    compare('d', 'lower', low.slice(1), high),
  ]
  const verdict = (share: number | null, ...checks: (Check | undefined)[]) =>
    verdictOf(
      checks.filter((check) => check !== undefined),
      share,
    )

  it('counts the checks that hold', () => {
    expect(verdict(1, good, good)).toBe('reproduced')
    expect(verdict(null, good)).toBe('reproduced')
    expect(verdict(1, good, bad)).toBe('partly')
    expect(verdictOf(good ? [good] : [], 1, false)).toBe('partly')
    expect(verdict(1, good, unclear)).toBe('partly')
    expect(verdict(1, bad, unclear)).toBe('not reproduced')
  })

  it('is not given for few seeds, no runs or short trainings', () => {
    expect(verdict(1, good, few)).toBe('not enough runs')
    expect(verdict(1)).toBe('not enough runs')
    expect(verdict(0.1, good)).toBe('not enough runs')
  })
})

it('figures are printed in the colours of the app in its light theme', () => {
  const tokens = readFileSync(new URL('../../../src-renderer/styles/tokens.css', import.meta.url), 'utf8')
  const readToken = (name: string): string | undefined => {
    const value = tokens.match(new RegExp(`^ +${name}: (.*);$`, 'm'))?.[1]
    const other = value?.match(/^var\((.*)\)$/)?.[1]
    return other ? readToken(other) : (value?.match(/^light-dark\((\S+),/)?.[1] ?? value)
  }
  for (const [name, colour] of Object.entries(printColours)) expect(readToken(name), name).toBe(colour)
})
