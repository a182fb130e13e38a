import type { Outcome, SceneDescription } from '../../src-main/contract/index.ts'
import { formatCount, formatFigure } from '../text/numbers.ts'
import type { ActionArrows } from './arrows.ts'
import type { FrameSource } from './source.ts'
import { outcomeNames } from './timeline.ts'

interface Shown {
  scene: SceneDescription
  source: FrameSource
  frame: number
  outcome: Outcome
  cause: string | null
  epsilonSafe: number | null
  /** Of the main body: x, y, z. */
  place: readonly number[]
  arrows: ActionArrows | null
}

/** What the picture shows, for those who do not see it. */
export function summarize(shown: Shown): string {
  const { scene, source, frame, place, outcome, cause } = shown
  const [x = 0, y = 0, z = 0] = place
  const sentences = [
    `Frame ${formatCount(frame)} of ${formatCount(source.lastFrame)}.`,
    `${capital(scene.mainBody)} at x ${formatFigure(x)}, y ${formatFigure(y)}, z ${formatFigure(z)} ${scene.lengthUnit}.`,
    riskSentence(shown),
    candidateSentence(shown),
    frame === source.lastFrame ? `${outcomeNames[outcome]}${cause === null ? '' : `: ${cause}`}.` : '',
  ]
  return sentences.filter((sentence) => sentence !== '').join(' ')
}

function riskSentence({ source, frame, epsilonSafe }: Shown): string {
  const risk = source.qSafe(frame)
  if (risk === null) return ''
  if (epsilonSafe === null) return `Q_safe ${formatFigure(risk)}.`
  const relation = risk > epsilonSafe ? 'above' : 'within'
  return `Q_safe ${formatFigure(risk)}, ${relation} the threshold ${formatFigure(epsilonSafe)}.`
}

function candidateSentence({ source, frame, arrows }: Shown): string {
  const candidates = source.candidates(frame)
  if (candidates === null || arrows === null) return ''
  return `${formatCount(arrows.masked.length)} of ${formatCount(candidates.count)} candidate actions masked.`
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
