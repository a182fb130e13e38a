import { z } from 'zod'
import { id, timestamp } from './numbers.ts'
import { transferRequest } from './transfer.ts'
import { uncheckedRequest } from './transfer-plan.ts'

/** The steps of the wizard, in their order. */
export const transferStep = z.enum(['pretraining', 'target', 'methods', 'safety', 'budget', 'review'])
export type TransferStep = z.infer<typeof transferStep>

/** A transfer that is being set up: kept as it is typed, valid or not. */
export const transferDraft = z.object({
  request: uncheckedRequest,
  step: transferStep,
  /** What it was cloned from. */
  parent: z.object({ name: z.string(), request: transferRequest }).nullable(),
})
export type TransferDraft = z.infer<typeof transferDraft>

export const savedDraft = transferDraft.extend({ id, createdAt: timestamp, updatedAt: timestamp })
export type SavedDraft = z.infer<typeof savedDraft>

export const draftToSave = z.object({
  /** Left out: a new one. */
  id: id.optional(),
  draft: transferDraft,
})
export type DraftToSave = z.infer<typeof draftToSave>
