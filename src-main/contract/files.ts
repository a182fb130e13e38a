import { z } from 'zod'
import { keptEpisode } from './episode-references.ts'
import { experiment } from './transfer.ts'

/** Names a file that lies at the shell for a browser to fetch, or that a browser has left there. */
export const ticket = z.string().regex(/^[\w-]{16,64}$/)

/** What becomes of a backup, an export or an import. Leaving the stream cancels it. */
export const fileProgress = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), share: z.number() }),
  z.object({
    type: z.literal('written'),
    name: z.string(),
    bytes: z.int().nonnegative(),
    /** Under which a browser fetches it, once; null where it lies where the user chose. */
    ticket: ticket.nullable(),
  }),
  z.object({ type: z.literal('imported'), experiment }),
  z.object({ type: z.literal('importedEpisode'), episode: keptEpisode }),
  /** The user closed the dialog that asked for a file. */
  z.object({ type: z.literal('left') }),
])
export type FileProgress = z.infer<typeof fileProgress>

/** window: dialogs of the system choose files, and other labs can be opened. browser: files are fetched and sent. */
export const deskKind = z.enum(['window', 'browser'])
export type DeskKind = z.infer<typeof deskKind>

export const openLabHow = z.enum(['open', 'create', 'restore'])
export type OpenLabHow = z.infer<typeof openLabHow>

/** The lab as a thing on a disk. */
export const labFacts = z.object({
  folder: z.string(),
  /** Runs, SQLite, Node and, in its windows, Electron. */
  versions: z.record(z.string(), z.string()),
  /** Bytes of the database's parts; what is not named is metrics, episodes and indexes. */
  sizes: z.object({
    fileBytes: z.int().nonnegative(),
    logBytes: z.int().nonnegative(),
    freeBytes: z.int().nonnegative(),
    networkBytes: z.int().nonnegative(),
    resumeBytes: z.int().nonnegative(),
    frameBytes: z.int().nonnegative(),
  }),
  freeDiskBytes: z.int().nonnegative(),
  desk: deskKind,
})
export type LabFacts = z.infer<typeof labFacts>

/** What a look at the machine found, with what to do about it. */
export const machineCheck = z.object({
  topic: z.string(),
  status: z.enum(['ok', 'warn']),
  finding: z.string(),
  remedy: z.string().nullable(),
})
export type MachineCheck = z.infer<typeof machineCheck>
