import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type ClockCommand,
  type ClockState,
  frameOf,
  neighbourSpeed,
  obey,
  speeds,
  startClock,
} from '../../../src-renderer/replay/clock.ts'

const anyNumber = fc.oneof(fc.integer({ min: -30, max: 30 }), fc.double())
const anyCommand: fc.Arbitrary<ClockCommand> = fc.oneof(
  fc.record({ type: fc.constant('play' as const), direction: fc.constantFrom(1 as const, -1 as const) }),
  fc.constant({ type: 'pause' as const }),
  fc.record({ type: fc.constant('step' as const), frames: fc.integer({ min: -20, max: 20 }) }),
  fc.record({
    type: fc.constant('seek' as const),
    frame: anyNumber,
    outside: fc.constantFrom('clamp' as const, 'exact' as const),
  }),
  fc.record({ type: fc.constant('speed' as const), speed: anyNumber }),
  fc.record({
    type: fc.constant('loop' as const),
    range: fc.option(fc.record({ from: anyNumber, to: anyNumber })),
  }),
  fc.record({ type: fc.constant('follow' as const), isFollowing: fc.boolean() }),
  fc.record({ type: fc.constant('length' as const), lastFrame: fc.integer({ min: 0, max: 25 }) }),
  fc.record({ type: fc.constant('elapse' as const), seconds: fc.double({ min: 0, max: 100, noNaN: true }) }),
)

const moved = (state: ClockState, ...commands: ClockCommand[]) => commands.reduce(obey, state)
const clock = startClock(10, 1)

describe('replay clock', () => {
  it('stays on frames that exist, whatever it is told', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20 }), fc.array(anyCommand), (lastFrame, commands) => {
        let state = startClock(lastFrame, 0.5)
        for (const command of commands) {
          state = obey(state, command)
          expect(state.position).toBeGreaterThanOrEqual(0)
          expect(state.position).toBeLessThanOrEqual(state.lastFrame)
          expect(frameOf(state)).toBeLessThanOrEqual(state.lastFrame)
          if (!state.isPlaying && command.type !== 'elapse' && command.type !== 'play')
            expect(command.type === 'pause' ? Number.isInteger(state.position) : true).toBe(true)
          if (state.loop !== null) expect(state.loop.from).toBeLessThan(state.loop.to)
        }
      }),
    )
  })

  it('is at the same place after the same time, however often it is asked', () => {
    const parts = fc.array(fc.double({ min: 0, max: 0.5, noNaN: true }), { maxLength: 30 })
    fc.assert(
      fc.property(parts, fc.boolean(), (seconds, loops) => {
        const start = moved(
          clock,
          { type: 'loop', range: loops ? { from: 2, to: 7 } : null },
          { type: 'play' },
        )
        const often = seconds.reduce((state, part) => obey(state, { type: 'elapse', seconds: part }), start)
        const once = obey(start, { type: 'elapse', seconds: seconds.reduce((sum, part) => sum + part, 0) })
        const length = loops ? 5 : Number.POSITIVE_INFINITY
        const apart = Math.abs(often.position - once.position)
        expect(Math.min(apart, length - apart)).toBeLessThan(1e-6)
      }),
    )
  })

  describe('play', () => {
    it('moves by speed and simulated time, and stops at the last frame', () => {
      const start = moved(startClock(10, 0.5), { type: 'speed', speed: 2 }, { type: 'play' })
      expect(obey(start, { type: 'elapse', seconds: 1 }).position).toBe(4)
      const end = obey(start, { type: 'elapse', seconds: 60 })
      expect(end).toMatchObject({ position: 10, isPlaying: false })
    })

    it('begins again when it is at the end, and from the end when it goes backwards', () => {
      const end = obey(clock, { type: 'seek', frame: 10, outside: 'exact' })
      expect(obey(end, { type: 'play' })).toMatchObject({ position: 0, isPlaying: true })
      expect(obey(clock, { type: 'play', direction: -1 })).toMatchObject({ position: 10, isPlaying: true })
      const back = moved(clock, { type: 'play', direction: -1 }, { type: 'elapse', seconds: 99 })
      expect(back).toMatchObject({ position: 0, isPlaying: false })
    })

    it('stays within the loop, in both directions', () => {
      const loop = { type: 'loop', range: { from: 7, to: 3 } } as const
      const forward = moved(clock, loop, { type: 'play' })
      expect(forward.position).toBe(3)
      for (let part = 0; part < 40; part++) {
        const at = moved(forward, { type: 'elapse', seconds: part * 0.3 }).position
        expect(at).toBeGreaterThanOrEqual(3)
        expect(at).toBeLessThanOrEqual(7)
      }
      expect(
        moved(clock, loop, { type: 'play', direction: -1 }, { type: 'elapse', seconds: 0.5 }).position,
      ).toBe(6)
    })

    it('plays an episode of seven frames for several seconds', () => {
      const { speed } = startClock(7, 1)
      expect(7 / speed).toBeGreaterThan(2.5)
      expect(startClock(1000, 0.02).speed).toBe(1)
    })
  })

  describe('step', () => {
    it('pauses, and goes to the neighbour from between two frames', () => {
      const between = moved(clock, { type: 'play' }, { type: 'elapse', seconds: 1.25 })
      expect(between.position).toBe(2.5)
      expect(obey(between, { type: 'step', frames: 1 })).toMatchObject({ position: 3, isPlaying: false })
      expect(obey(between, { type: 'step', frames: -1 })).toMatchObject({ position: 2, isPlaying: false })
      expect(obey(between, { type: 'step', frames: -10 }).position).toBe(0)
      expect(obey(between, { type: 'step', frames: 10 }).position).toBe(10)
    })
  })

  describe('seek', () => {
    it('refuses a frame that is not there, or goes to the nearest', () => {
      const exact = (frame: number) => obey(clock, { type: 'seek', frame, outside: 'exact' })
      expect(exact(10).position).toBe(10)
      for (const frame of [11, -1, 2.5, Number.NaN]) expect(exact(frame)).toBe(clock)
      expect(obey(clock, { type: 'seek', frame: 99, outside: 'clamp' }).position).toBe(10)
    })

    it('does not stop what plays', () => {
      const playing = moved(clock, { type: 'play' }, { type: 'seek', frame: 4, outside: 'clamp' })
      expect(playing).toMatchObject({ position: 4, isPlaying: true })
    })
  })

  it('follows the newest frame until it is moved', () => {
    const following = moved(clock, { type: 'follow', isFollowing: true }, { type: 'length', lastFrame: 12 })
    expect(following.position).toBe(12)
    const back = moved(following, { type: 'step', frames: -1 }, { type: 'length', lastFrame: 20 })
    expect(back.position).toBe(11)
  })

  it('keeps to the list of speeds', () => {
    expect(neighbourSpeed(1, 1)).toBe(2)
    expect(neighbourSpeed(1, -1)).toBe(0.5)
    expect(neighbourSpeed(speeds[0], -1)).toBe(speeds[0])
  })
})
