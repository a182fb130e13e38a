const BYTES = 100
/** Characters made by one call; more would overflow the stack. */
const CHUNK = 1 << 15

/**
 * How bytes cross the border, for both ends of every transport: as base64 in the JSON. The library's own way, a Blob, is lost in streams.
 * Numbers below 20 are taken by the library.
 */
export const wireSerializers = [
  {
    type: BYTES,
    condition: (value: unknown) => value instanceof Uint8Array,
    serialize: (value: unknown) => (value instanceof Uint8Array ? toBase64(value) : ''),
    deserialize: (text: unknown) => fromBase64(String(text)),
  },
]

function toBase64(bytes: Uint8Array): string {
  const parts: string[] = []
  for (let at = 0; at < bytes.length; at += CHUNK)
    parts.push(String.fromCharCode(...bytes.subarray(at, at + CHUNK)))
  return btoa(parts.join(''))
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text)
  const bytes = new Uint8Array(binary.length)
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at)
  return bytes
}
