/** How the pictures are put together, and how the file of them ends. */
export const filmEndings = { mp4: 'mp4', webm: 'webm', gif: 'gif', 'png-sequence': 'zip' } as const
export type FilmFormat = keyof typeof filmEndings

/** Takes one picture after the other from a canvas. */
export interface FilmEncoder {
  add(picture: number): Promise<void>
  finish(): Promise<Blob>
  cancel(): Promise<void>
}

/** An export that this browser cannot do; its message is for the user. */
export class ExportError extends Error {
  override readonly name = 'ExportError'
}

export async function createEncoder(
  format: FilmFormat,
  canvas: HTMLCanvasElement,
  picturesPerSecond: number,
): Promise<FilmEncoder> {
  if (format === 'png-sequence') return (await import('./png-sequence.ts')).createPngSequence(canvas)
  if (format === 'gif') return (await import('./gif-encoder.ts')).createGifEncoder(canvas, picturesPerSecond)
  return createVideoEncoder(format, canvas, picturesPerSecond)
}

/** MP4 or WebM by the browser's own encoder, which not every browser has. */
async function createVideoEncoder(
  format: 'mp4' | 'webm',
  canvas: HTMLCanvasElement,
  picturesPerSecond: number,
): Promise<FilmEncoder> {
  const media = await import('mediabunny')
  const outputFormat = format === 'mp4' ? new media.Mp4OutputFormat() : new media.WebMOutputFormat()
  const { width, height } = canvas
  const codec = await media.getFirstEncodableVideoCodec(outputFormat.getSupportedVideoCodecs(), {
    width,
    height,
  })
  if (codec === null)
    throw new ExportError(
      `This browser has no encoder for ${format === 'mp4' ? 'MP4' : 'WebM'} at this size. Choose another format; GIF works everywhere.`,
    )
  const target = new media.BufferTarget()
  const output = new media.Output({ format: outputFormat, target })
  const source = new media.CanvasSource(canvas, { codec, quality: media.QUALITY_HIGH })
  output.addVideoTrack(source, { frameRate: picturesPerSecond })
  await output.start()
  return {
    add: (picture) => source.add(picture / picturesPerSecond, 1 / picturesPerSecond),
    async finish() {
      await output.finalize()
      if (target.buffer === null) throw new ExportError('The encoder gave no film. Try another format.')
      return new Blob([target.buffer], { type: outputFormat.mimeType })
    },
    cancel: () => output.cancel(),
  }
}
