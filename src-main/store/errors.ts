/**
 * NOT_FOUND: no such thing. CONFLICT: the thing is not in a state that allows this. INVALID: the input makes no sense.
 * BUSY: another process has the lab. STORAGE: the disk or the file does not do what is asked.
 */
export type LabErrorCode = 'NOT_FOUND' | 'CONFLICT' | 'INVALID' | 'BUSY' | 'STORAGE'

/** Something a user can act on; the message is a sentence that names the thing and the remedy. */
export class LabError extends Error {
  override readonly name = 'LabError'
  readonly code: LabErrorCode

  constructor(code: LabErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** SQLite's and the file system's codes as sentences; any other error comes back as it is. */
export function toLabError(error: unknown, folder: string): unknown {
  if (!(error instanceof Error) || error instanceof LabError) return error
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  const sentence = sentenceFor(code, folder)
  if (sentence === null) return error
  return new LabError(sentence.code, sentence.message, { cause: error })
}

function sentenceFor(code: string, folder: string): { code: LabErrorCode; message: string } | null {
  if (code === 'SQLITE_BUSY' || code.startsWith('SQLITE_BUSY_') || code === 'SQLITE_LOCKED') {
    return {
      code: 'BUSY',
      message: `The lab ${folder} is open in another process. Close it there, or choose another folder.`,
    }
  }
  if (code === 'SQLITE_FULL' || code === 'ENOSPC' || code === 'EDQUOT') {
    return {
      code: 'STORAGE',
      message: `There is no space left on the disk for the lab ${folder}. Free some space; what was written before is kept.`,
    }
  }
  if (code === 'SQLITE_NOTADB') {
    return {
      code: 'STORAGE',
      message: `The file lab.sqlite in ${folder} is not a lab. Choose another folder, or move the file away.`,
    }
  }
  if (code.startsWith('SQLITE_CORRUPT')) {
    return {
      code: 'STORAGE',
      message: `The lab ${folder} is damaged: its file lab.sqlite does not read back as written. Restore it from a backup.`,
    }
  }
  if (code.startsWith('SQLITE_READONLY') || code === 'EROFS' || code === 'EACCES' || code === 'EPERM') {
    return {
      code: 'STORAGE',
      message: `The lab ${folder} may not be written to. Check the folder's permissions.`,
    }
  }
  if (code === 'SQLITE_CANTOPEN' || code === 'ENOTDIR' || code === 'EEXIST' || code === 'ENOENT') {
    return {
      code: 'STORAGE',
      message: `The lab ${folder} cannot be opened: its path is not a folder in which files can be made.`,
    }
  }
  if (code.startsWith('SQLITE_IOERR')) {
    return {
      code: 'STORAGE',
      message: `The disk does not read or write the lab ${folder} reliably (${code}).`,
    }
  }
  return null
}
