import { ORPCError } from '@orpc/server'
import { z } from 'zod'
import { LabError } from '../lab/errors.ts'

const statuses = { NOT_FOUND: 404, CONFLICT: 409, INVALID: 422 }
type ContractCode = keyof typeof statuses

/** Turns anything thrown into what may cross the border. Unexpected errors are logged here, once, and leave as a sentence. */
export function toApiError(error: unknown, procedure: string): ORPCError<string, unknown> {
  if (error instanceof ORPCError) return error.code === 'BAD_REQUEST' ? toInvalid(error) : error
  if (error instanceof LabError) {
    if (isContractCode(error.code)) return contractError(error.code, error.message)
    return new ORPCError('INTERNAL_SERVER_ERROR', { message: error.message })
  }
  console.error(`${procedure} failed:`, error)
  return new ORPCError('INTERNAL_SERVER_ERROR', {
    message: 'The lab met an error that it did not expect. Its log has the details.',
  })
}

function isContractCode(code: string): code is ContractCode {
  return code in statuses
}

function contractError(code: ContractCode, message: string) {
  return new ORPCError(code, { defined: true, status: statuses[code], message })
}

const issues = z.object({
  issues: z.array(z.object({ message: z.string(), path: z.array(z.unknown()).optional() })),
})

function toInvalid(error: ORPCError<string, unknown>) {
  const parsed = issues.safeParse(error.data)
  if (!parsed.success) return error
  const sentences = parsed.data.issues.map(({ message, path }) =>
    path === undefined || path.length === 0 ? message : `${path.join('.')}: ${message}`,
  )
  return contractError('INVALID', `The request was not understood: ${sentences.join('; ')}.`)
}
