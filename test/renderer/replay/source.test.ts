import { describe, expect, it } from 'vitest'
import { POSE_SIZE, packArrays } from '../../../src-main/contract/index.ts'
import { toReplayArrays } from '../../../src-renderer/replay/arrays.ts'
import { toArrows } from '../../../src-renderer/replay/arrows.ts'
import { createSource, withJudgement } from '../../../src-renderer/replay/source.ts'
import { neighbourMarker, toTimeline, withMarks } from '../../../src-renderer/replay/timeline.ts'
import { arraysOf, quarterTurn, shape } from './arrays-of.ts'

const source = () => createSource(toReplayArrays(packArrays(arraysOf(4)).buffer), shape)

describe('replay source', () => {
  it('reads from what was packed what was put in', () => {
    const read = source()
    expect(read.lastFrame).toBe(4)
    expect([...read.state(2)]).toEqual([2, 20, 200])
    expect([...(read.action(3) ?? [])]).toEqual([3, -3])
    expect(read.action(4)).toBeNull()
    expect(read.reward(1)).toBe(-1)
    expect(read.qSafe(3)).toBeCloseTo(0.3)
    expect(read.qSafe(4)).toBeNull()
    expect(read.candidates(2)).toMatchObject({ count: 2, chosen: 0 })
    expect([...read.path(0)]).toEqual([0, 0, 0, 1, 0, 0, 2, 0, 0, 3, 0, 0, 4, 0, 0])
  })

  it('refuses arrays that do not fit each other, or that are missing', () => {
    const { chosen: _, ...rest } = arraysOf(4)
    expect(() => toReplayArrays(packArrays(rest).buffer)).toThrow('without its chosen')
    const short = { ...arraysOf(4), states: new Float64Array(3) }
    expect(() => createSource(short, shape)).toThrow(RangeError)
    expect(() => createSource({ ...arraysOf(4), candidateQSafe: new Float32Array(7) }, shape)).toThrow(
      RangeError,
    )
  })

  it('interpolates between frames only, along the shorter turn', () => {
    const read = source()
    const pose = new Float32Array(POSE_SIZE)
    read.readPoses(2, pose)
    expect([...pose]).toEqual([2, 0, 0, ...quarterTurn(2)])
    read.readPoses(2.5, pose)
    expect(pose[0]).toBeCloseTo(2.5)
    // The recorded quaternions change sign from frame to frame, which is the same turn.
    const [w = 0, z = 0] = [pose[3], pose[6]]
    expect(Math.hypot(w, z)).toBeCloseTo(1)
    expect(Math.abs(Math.atan2(z, w) % Math.PI)).toBeCloseTo((2.5 * Math.PI) / 20)
    read.readPoses(99, pose)
    expect(pose[0]).toBe(4)
  })

  it('takes another opinion without touching the recorded one', () => {
    const read = source()
    const judged = withJudgement(
      read,
      {
        qSafe: Float32Array.of(0.9, 0.8, 0.7, Number.NaN),
        candidates: new Float32Array(0),
        candidateQSafe: new Float32Array(0),
      },
      2,
    )
    expect([0, 1, 2, 3, 4].map((frame) => judged.qSafe(frame)?.toFixed(1) ?? null)).toEqual([
      '0.9',
      '0.8',
      '0.7',
      null,
      null,
    ])
    expect(judged.candidates(0)).toBeNull()
    expect(read.qSafe(0)).toBe(0)
  })
})

describe('arrows', () => {
  it('turns candidates into directions and parts them by the threshold', () => {
    const matrix = [
      [0, 1],
      [-1, 0],
      [0, 0],
    ]
    const arrows = toArrows(source(), 3, matrix, 0.25)
    expect(arrows.chosen).toEqual([[-3, -3, 0]])
    expect(arrows.allowed).toEqual([])
    expect(arrows.masked).toHaveLength(1)
    expect(toArrows(source(), 3, matrix, null).allowed).toHaveLength(1)
    expect(toArrows(source(), 4, matrix, 0.25)).toEqual({ chosen: [], allowed: [], masked: [] })
  })
})

describe('timeline', () => {
  const context = { outcome: 'failure', cause: 'lava', epsilonSafe: 0.15, secondsPerFrame: 1 } as const

  it('marks where Q_safe crosses the threshold, where nothing is allowed, and the end', () => {
    const timeline = toTimeline(source(), context)
    expect(timeline.acceptance).toEqual([1, 0.5, 0, 0])
    expect(timeline.markers.map(({ kind, frame }) => [kind, frame])).toEqual([
      ['crossing', 2],
      ['noSafeCandidate', 2],
      ['end', 4],
    ])
    const unmasked = toTimeline(source(), { ...context, epsilonSafe: null })
    expect(unmasked.markers.map(({ kind }) => kind)).toEqual(['end'])
    expect(unmasked.acceptance).toEqual([null, null, null, null])
  })

  it('goes from marker to marker, those made by hand among them', () => {
    const { markers } = toTimeline(source(), context)
    const all = withMarks(markers, [{ id: 7, episodeId: 1, frame: 3, lastFrame: null, label: 'turns back' }])
    expect(neighbourMarker(all, 2, 1)).toMatchObject({ frame: 3, text: 'turns back', markId: 7 })
    expect(neighbourMarker(all, 3, -1)?.frame).toBe(2)
    expect(neighbourMarker(all, 4, 1)).toBeNull()
    expect(neighbourMarker(all, 0, -1)).toBeNull()
  })
})
