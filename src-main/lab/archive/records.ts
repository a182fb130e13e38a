import { LabError } from '../errors.ts'
import { limits } from './format.ts'

/** A record of a pack: its key and its length, 4 bytes each, little-endian, then its bytes. */
const headBytes = 8

export interface PackedRecord {
  key: number
  data: Buffer
}

export function packRecord({ key, data }: { key: number; data: Uint8Array }): Buffer {
  const head = Buffer.alloc(headBytes)
  head.writeUInt32LE(key, 0)
  head.writeUInt32LE(data.byteLength, 4)
  return Buffer.concat([head, data])
}

/** The records of a pack as they come in; holds one of them at a time. */
export async function* readPack(chunks: AsyncIterable<Buffer>, name: string): AsyncGenerator<PackedRecord> {
  let pending: Buffer[] = []
  let pendingBytes = 0
  let needed = headBytes
  for await (const chunk of chunks) {
    pending.push(chunk)
    pendingBytes += chunk.byteLength
    while (pendingBytes >= needed) {
      const joined = pending.length === 1 && pending[0] !== undefined ? pending[0] : Buffer.concat(pending)
      const length = joined.readUInt32LE(4)
      if (length > limits.recordBytes) throw damaged(name, 'has a record beyond all bounds')
      const end = headBytes + length
      if (joined.byteLength < end) {
        pending = [joined]
        needed = end
        break
      }
      yield { key: joined.readUInt32LE(0), data: joined.subarray(headBytes, end) }
      const rest = joined.subarray(end)
      pending = [rest]
      pendingBytes = rest.byteLength
      needed = headBytes
    }
  }
  if (pendingBytes > 0) throw damaged(name, 'is cut off')
}

/** Lines of text as they come in; holds one of them at a time. */
export async function* readLines(chunks: AsyncIterable<Buffer>, name: string): AsyncGenerator<string> {
  let pending: Buffer[] = []
  let pendingBytes = 0
  for await (const chunk of chunks) {
    let from = 0
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, from)) {
      yield Buffer.concat([...pending, chunk.subarray(from, end)]).toString('utf8')
      pending = []
      pendingBytes = 0
      from = end + 1
    }
    pending.push(chunk.subarray(from))
    pendingBytes += chunk.byteLength - from
    if (pendingBytes > limits.lineBytes) throw damaged(name, 'has a line beyond all bounds')
  }
  if (pendingBytes > 0) throw damaged(name, 'is cut off')
}

export function damaged(name: string, how: string, cause?: unknown): LabError {
  return new LabError(
    'INVALID',
    `The archive cannot be imported: its part ${name} ${how}. Nothing was changed.`,
    {
      cause,
    },
  )
}
