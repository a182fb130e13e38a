import type { DeskKind, OpenLabHow } from '../contract/files.ts'
import { LabError } from '../lab/errors.ts'

export type FileKind = 'backup' | 'archive' | 'report' | 'bundle'

export interface Target {
  file: string
  /** To be called when the file is there; gives the ticket under which a browser fetches it, null where it needs none. */
  finish(): string | null
}

export interface Source {
  file: string
  /** To be called when it was read. */
  release(): void
}

/** The shell around the lab, as far as its windows may ask it for files. Pages never name a path. */
export interface Desk {
  readonly kind: DeskKind
  /** Null: the user thought better of it. */
  chooseTarget(kind: FileKind, suggestedName: string): Promise<Target | null>
  /** Of what a browser has sent, or the system has handed over, the ticket says which it is; without one the user is asked. */
  chooseSource(ticket: string | null): Promise<Source | null>
  /** Asks which lab, and opens it in place of this one; false: the user thought better of it. */
  openLab(how: OpenLabHow): Promise<boolean>
}

const nothing = () =>
  Promise.reject(new LabError('CONFLICT', 'This way into the lab has no files. Use the command line.'))

/** For a caller without windows. */
export const noDesk: Desk = {
  kind: 'browser',
  chooseTarget: nothing,
  chooseSource: nothing,
  openLab: nothing,
}
