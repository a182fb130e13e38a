import { z } from 'zod'

/** Schema of a parameter that is drawn anew for each episode between two ends; `value` is both by default. */
export const drawnBetween = (
  unit: string | null,
  low: number,
  high: number,
  value: number,
  description: string,
) =>
  z
    .tuple([z.number().min(low).max(high), z.number().min(low).max(high)])
    .refine(([from, to]) => from <= to, 'The lower end may not be above the upper one.')
    .default([value, value])
    .meta({
      isRange: true,
      ...(unit ? { unit } : {}),
      description: `${description} Drawn for each episode between two ends; equal ends fix it.`,
    })
