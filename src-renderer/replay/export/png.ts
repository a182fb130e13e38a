import { ExportError } from './encoders.ts'

export function toPng(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob === null ? reject(new ExportError('The picture could not be made.')) : resolve(blob)),
      'image/png',
    )
  })
}
