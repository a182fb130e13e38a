import { z } from 'zod'
import { LabError } from './errors.ts'

/**
 * What a row holds, by its schema.
 * @param what names the thing at the start of a sentence, such as `Run 5`.
 * @throws LabError `STORAGE` where the row holds what this version does not know: another version has written it.
 */
export function readStored<T extends z.ZodType>(schema: T, value: unknown, what: string): z.output<T> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const place = issue === undefined || issue.path.length === 0 ? '' : ` (${z.core.toDotPath(issue.path)})`
  throw new LabError(
    'STORAGE',
    `${what} of this lab holds something that this version of SQRL Lab does not know${place}, as a newer version may have written it. Open the lab with that version, or update this one; nothing was changed.`,
  )
}
