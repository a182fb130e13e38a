import type { FileKind } from '../../api/desk.ts'
import type { OpenLabHow } from '../../contract/files.ts'
import type { LabStatus } from '../../contract/lab.ts'

/** What only a dialog of the system can answer; the answer is a path, or null where the user thought better of it. */
export type Question =
  | { about: 'target'; kind: FileKind; name: string }
  | { about: 'source' }
  | { about: 'lab'; how: OpenLabHow }

/** From Electron's main process to the lab's. */
export type ToLabProcess =
  | { type: 'open'; folder: string }
  /** With a port: a window's page speaks the contract over it. */
  | { type: 'connect' }
  /** With a port: the other end is the worker's. */
  | { type: 'worker-started'; worker: number }
  /** With the last it wrote to its error stream. */
  | { type: 'worker-exited'; worker: number; code: number; stderr: string }
  | { type: 'answer'; request: number; path: string | null }
  /** An archive that the system handed over; pages ask for it by the ticket. */
  | { type: 'hand-over'; ticket: string; file: string }
  /** Stop after checkpoints, close the store, answer `closed`. */
  | { type: 'close' }

/** From the lab's process to Electron's main process. */
export type FromLabProcess =
  | { type: 'opened' }
  /** The lab cannot be opened; the message says why and what to do. */
  | { type: 'refused'; message: string }
  | { type: 'status'; status: LabStatus }
  /** Only Electron's main process can start a process; the lab numbers the workers it asks for. */
  | { type: 'start-worker'; worker: number }
  | { type: 'kill-worker'; worker: number }
  | { type: 'ask'; request: number; question: Question }
  | { type: 'closed' }
