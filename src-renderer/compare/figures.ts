import { episodeFigureName, type FigureName } from '../../src-main/contract/figures/curve-names.ts'
import { type EpisodeFigure, episodeFigures } from '../../src-main/contract/index.ts'
import { metricName } from '../charts/metric-names.ts'

const isEpisodeFigure = (name: string): name is EpisodeFigure =>
  episodeFigures.some((known) => known === name)

/** How a figure over training is called and drawn, be it counted from episodes or a recorded metric. */
export function figureName(name: string, window: number): FigureName {
  if (isEpisodeFigure(name)) return episodeFigureName(name, window)
  const { label, unit, help } = metricName(name)
  return {
    label,
    ...(unit ? { unit } : {}),
    help: help.replace(/\.$/, ''),
    scale: 1,
    floor: null,
    isStep: false,
  }
}
