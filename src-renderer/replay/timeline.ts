import type { EpisodeMark, Outcome, Verification } from '../../src-main/contract/index.ts'
import type { FrameCandidates, FrameSource } from './source.ts'

export type MarkerKind = 'crossing' | 'noSafeCandidate' | 'end' | 'difference' | 'mark'

/** A moment worth jumping to. */
export interface Marker {
  kind: MarkerKind
  frame: number
  /** Of a stretch, where it ends; null: a single moment. */
  lastFrame: number | null
  text: string
  /** Of a mark made by hand. */
  markId: number | null
}

export interface Timeline {
  lastFrame: number
  secondsPerFrame: number
  outcome: Outcome
  epsilonSafe: number | null
  /** By frame; null where there is none. */
  qSafe: (number | null)[]
  /** Share of the candidates that the mask allows. */
  acceptance: (number | null)[]
  /** In the order of their frames. */
  markers: Marker[]
}

export interface TimelineContext {
  outcome: Outcome
  cause: string | null
  epsilonSafe: number | null
  secondsPerFrame: number
}

export function toTimeline(source: FrameSource, context: TimelineContext): Timeline {
  const { epsilonSafe, outcome, secondsPerFrame } = context
  const frames = Array.from({ length: source.lastFrame }, (_, frame) => frame)
  const qSafe = frames.map((frame) => source.qSafe(frame))
  const acceptance = frames.map((frame) => {
    const candidates = source.candidates(frame)
    if (candidates === null || epsilonSafe === null) return null
    return countAllowed(candidates, epsilonSafe) / candidates.count
  })
  const markers = [
    ...crossings(qSafe, epsilonSafe),
    ...stretchesWithoutSafeCandidate(acceptance),
    endMarker(source.lastFrame, context),
  ]
  return {
    lastFrame: source.lastFrame,
    secondsPerFrame,
    outcome,
    epsilonSafe,
    qSafe,
    acceptance,
    markers: sorted(markers),
  }
}

/** As the mask decides it: Q_safe <= epsilonSafe. */
export function countAllowed({ qSafe }: Pick<FrameCandidates, 'qSafe'>, epsilonSafe: number): number {
  let allowed = 0
  for (const risk of qSafe) if (risk <= epsilonSafe) allowed++
  return allowed
}

/** Markers, with those made by hand and the first frame that a verification found to differ. */
export function withMarks(
  markers: readonly Marker[],
  /** Those out of a file have no id. */
  marks: readonly (EpisodeMark | (Pick<EpisodeMark, 'frame' | 'lastFrame' | 'label'> & { id: null }))[],
  verification: Verification | null = null,
): Marker[] {
  const byHand = marks.map(
    ({ id, frame, lastFrame, label }): Marker => ({
      kind: 'mark',
      frame,
      lastFrame,
      text: label,
      markId: id,
    }),
  )
  const difference = verification?.firstDifference ?? null
  const found =
    difference === null
      ? []
      : [marker('difference', difference.frame, `The ${difference.what} came out differently from here on`)]
  return sorted([...markers, ...byHand, ...found])
}

/** The nearest marker before (-1) or after (1) a frame. */
export function neighbourMarker(markers: readonly Marker[], frame: number, direction: 1 | -1): Marker | null {
  const found =
    direction === 1
      ? markers.find((marker) => marker.frame > frame)
      : markers.findLast((marker) => marker.frame < frame)
  return found ?? null
}

export const outcomeNames: Record<Outcome, string> = {
  success: 'Success',
  failure: 'Failure',
  timeout: 'Time-out',
}

function crossings(qSafe: readonly (number | null)[], epsilonSafe: number | null): Marker[] {
  if (epsilonSafe === null) return []
  return qSafe.flatMap((risk, frame) => {
    const before = frame === 0 ? null : (qSafe[frame - 1] ?? null)
    const crosses = risk !== null && risk > epsilonSafe && (before === null || before <= epsilonSafe)
    return crosses ? [marker('crossing', frame, 'Q_safe rises above the threshold')] : []
  })
}

function stretchesWithoutSafeCandidate(acceptance: readonly (number | null)[]): Marker[] {
  return acceptance.flatMap((share, frame) =>
    share === 0 && acceptance[frame - 1] !== 0
      ? [marker('noSafeCandidate', frame, 'No candidate action is allowed')]
      : [],
  )
}

function endMarker(lastFrame: number, { outcome, cause }: TimelineContext): Marker {
  const text = cause === null ? outcomeNames[outcome] : `${outcomeNames[outcome]}: ${cause}`
  return marker('end', lastFrame, text)
}

function marker(kind: MarkerKind, frame: number, text: string): Marker {
  return { kind, frame, lastFrame: null, text, markId: null }
}

function sorted(markers: Marker[]): Marker[] {
  return markers.toSorted((one, other) => one.frame - other.frame)
}
