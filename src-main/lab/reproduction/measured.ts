import type { MethodName } from '../../contract/transfer.ts'

/** Runs of one method, phase and choice of settings over the seeds, and what came out of them. */
export interface Measured {
  variant: string
  method: MethodName
  finalReturn: { seed: number; value: number }[]
  failureRate: { seed: number; value: number }[]
  /** Mean height of the curve of returns: higher where it is learnt sooner. */
  meanReturn: { seed: number; value: number }[]
  /** Share of the masked episodes of the final policy that pass the lava over the bridge, or around it; none where no walks are drawn. */
  bridgeShare: { seed: number; value: number }[]
  detourShare: { seed: number; value: number }[]
  /**
   * Under the mask and without: share of the steps of the final policy's episodes whose action lies above ε_safe, and of the episodes that fail; none where
   * Q_safe is not drawn along them.
   */
  aboveShare: { seed: number; value: number }[]
  unmaskedAboveShare: { seed: number; value: number }[]
  walkFailureRate: { seed: number; value: number }[]
  unmaskedWalkFailureRate: { seed: number; value: number }[]
  failureRateInterval: { mean: number | null; low: number | null; high: number | null }
}

const labels: Readonly<Record<MethodName, string>> = {
  sqrl: 'SQRL',
  sac: 'SAC',
  esac: 'ESAC',
  wcpg: 'WCPG',
  cpo: 'CPO',
  rs: 'RS',
}
export const labelOf = ({ method, variant }: Pick<Measured, 'method' | 'variant'>): string =>
  variant === '' ? labels[method] : `${labels[method]}, ${variant}`
