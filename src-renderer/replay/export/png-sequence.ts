import { downloadZip } from 'client-zip'
import type { FilmEncoder } from './encoders.ts'
import { toPng } from './png.ts'

/** Every picture without loss, numbered from 1, in one ZIP: for programs that cut films. */
export function createPngSequence(canvas: HTMLCanvasElement): FilmEncoder {
  const files: { name: string; input: Blob }[] = []
  return {
    async add(picture) {
      files.push({ name: `${String(picture + 1).padStart(5, '0')}.png`, input: await toPng(canvas) })
    },
    finish: () => downloadZip(files).blob(),
    async cancel() {
      files.length = 0
    },
  }
}
