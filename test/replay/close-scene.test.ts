import { describe, expect, it } from 'vitest'
import { taskCases } from '../../src-main/lab/tasks.ts'
import { closeScene, drawnParts } from '../../src-renderer/transfer/close-scene.ts'

const minitaur = (parameters: Record<string, number[]>) => ({ environment: 'minitaur' as const, parameters })

describe('closeScene()', () => {
  it('has a robot and little else in it, and stays the same where nothing drawn is another', async () => {
    const { scene, poses } = await taskCases.preview(minitaur({}))
    const close = closeScene(scene, poses)
    expect(close.high[0] - close.low[0]).toBeLessThan((scene.high[0] - scene.low[0]) / 2)
    for (const axis of [0, 1, 2]) {
      expect(close.low[axis]).toBeLessThanOrEqual(Math.min(0, poses[axis] ?? 0))
      expect(close.high[axis]).toBeGreaterThan(poses[axis] ?? 0)
    }
    const heavy = await taskCases.preview(minitaur({ baseMassFactor: [2, 2], footFriction: [0.5, 1.25] }))
    expect(drawnParts(closeScene(heavy.scene, heavy.poses))).toBe(drawnParts(close))
    const hand = await taskCases.preview({ environment: 'cube-rotate', parameters: { goalTurn: 2.25 } })
    expect(drawnParts(hand.scene)).not.toBe(drawnParts(scene))
  })

  it('leaves a map as it is', async () => {
    const { scene, poses } = await taskCases.preview({ environment: 'drunk-spider', parameters: {} })
    expect(closeScene(scene, poses)).toBe(scene)
  })
})
