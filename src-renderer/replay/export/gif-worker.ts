import { applyPalette, type Encoder, GIFEncoder, quantize } from 'gifenc'

/** Pictures come one by one; each message is answered before the next is sent. */
export type ToGifWorker = { type: 'picture'; bitmap: ImageBitmap; delayMillis: number } | { type: 'finish' }

export type FromGifWorker = { type: 'added' } | { type: 'finished'; bytes: Uint8Array<ArrayBuffer> }

const mostColours = 256
const encoder: Encoder = GIFEncoder()
const canvas = new OffscreenCanvas(1, 1)
const context = canvas.getContext('2d', { willReadFrequently: true })

addEventListener('message', ({ data }: MessageEvent<ToGifWorker>) => {
  const answer = obey(data)
  postMessage(answer, { transfer: answer.type === 'finished' ? [answer.bytes.buffer] : [] })
})

function obey(message: ToGifWorker): FromGifWorker {
  if (message.type === 'finish') {
    encoder.finish()
    return { type: 'finished', bytes: encoder.bytes() }
  }
  const { bitmap, delayMillis } = message
  const { width, height } = bitmap
  if (context === null) throw new Error('A worker of this browser cannot read pictures.')
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height })
  context.drawImage(bitmap, 0, 0)
  bitmap.close()
  const { data } = context.getImageData(0, 0, width, height)
  const palette = quantize(data, mostColours)
  encoder.writeFrame(applyPalette(data, palette), width, height, { palette, delay: delayMillis })
  return { type: 'added' }
}
