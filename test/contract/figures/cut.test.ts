import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cutInMiddle } from '../../../src-main/contract/figures/cut.ts'
import type { Figure } from '../../../src-main/contract/figures/figure.ts'
import { layOut } from '../../../src-main/contract/figures/layout.ts'

describe('cutInMiddle()', () => {
  it('keeps what tells names of one family apart', () => {
    const names = ['0.05', '0.2'].map((value) => `Figure 5, distance cost 15 to 1, epsilonSafe ${value}`)
    const cut = names.map((name) => cutInMiddle(name, 30))
    expect(cut).toEqual(['Figure 5…, epsilonSafe 0.05', 'Figure 5…1, epsilonSafe 0.2'])
  })

  it('leaves short names alone and makes no name longer than it may be', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), fc.integer({ min: 3, max: 90 }), (name, letters) => {
        const cut = cutInMiddle(name, letters)
        expect(cut.length).toBeLessThanOrEqual(Math.max(letters, Math.min(name.length, letters)))
        if (name.length <= letters) expect(cut).toBe(name)
      }),
    )
  })
})

describe('layOut()', () => {
  const figure = (endLabel: string, label: string): Figure => ({
    title: 'Figure',
    caption: '',
    xLabel: label,
    yLabel: label,
    x: { from: 0, to: 1 },
    y: { from: 0, to: 1 },
    formatX: String,
    formatY: String,
    thresholds: [],
    points: [],
    lines: [{ label: endLabel, endLabel, x: [0, 1], y: [0, 1], colour: 'var(--ink)', width: 1 }],
  })

  it('writes long titles of axes in two lines and cuts long names, so that none leaves the picture', () => {
    const long = 'Share of all training episodes and extra rollouts that failed so far (%)'
    const name = 'SQRL, goal (6.5, 2.5), Gaussian noise 0.2 on the target, epsilonSafe 0.01'
    const { shapes, width } = layOut(figure(name, long), { width: 300, height: 240, isAlone: false })
    const texts = shapes.flatMap((shape) => (shape.kind === 'text' ? [shape] : []))
    for (const { x, text, anchor, isTurned } of texts.filter((one) => !one.isTurned)) {
      const long = text.length * 5.6
      expect(isTurned).toBeFalsy()
      expect(anchor === 'start' ? x + long : anchor === 'middle' ? x + long / 2 : x).toBeLessThanOrEqual(
        width,
      )
    }
    expect(texts.filter(({ isTurned }) => isTurned)).toHaveLength(2)
    expect(texts.find(({ text }) => text.startsWith('SQRL'))?.text).toMatch(/^SQRL.*….*0\.01$/)
  })

  it('names points where there is more room, and within the plot', () => {
    const name = 'SQRL, goal (6.5, 2.5), Gaussian noise 0.2 on the target, epsilonSafe 0.01'
    const points = [0.1, 0.5, 0.95].map((x) => ({
      ...{ label: name, text: name, x, y: x, colour: 'var(--ink)', marker: 'circle' as const, size: 5 },
    }))
    const { shapes, plot } = layOut(
      { ...figure('', ''), points },
      { width: 460, height: 240, isAlone: false },
    )
    const names = shapes.flatMap((shape) =>
      shape.kind === 'text' && /^SQRL.*…/.test(shape.text) ? [shape] : [],
    )
    expect(names.map(({ anchor }) => anchor)).toEqual(['end', 'start', 'start'])
    for (const { x, text, anchor } of names) {
      const [left, right] = anchor === 'end' ? [x - 8 * text.length, x] : [x, x + 8 * text.length]
      expect(left).toBeGreaterThanOrEqual(plot.left)
      expect(right).toBeLessThanOrEqual(plot.right)
    }
  })
})
