import { ExportError, type FilmEncoder } from './encoders.ts'
import type { FromGifWorker, ToGifWorker } from './gif-worker.ts'

/** Encodes beside the thread that draws: one picture is encoded while the next is drawn. */
export function createGifEncoder(canvas: HTMLCanvasElement, picturesPerSecond: number): FilmEncoder {
  const worker = new Worker(new URL('./gif-worker.ts', import.meta.url), { type: 'module', name: 'gif' })
  let before: Promise<unknown> = Promise.resolve()

  function ask(message: ToGifWorker, transfer: Transferable[] = []): Promise<FromGifWorker> {
    const answer = new Promise<FromGifWorker>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<FromGifWorker>) => resolve(data)
      worker.onerror = () =>
        reject(new ExportError('The GIF could not be made. Try a smaller size or another format.'))
    })
    worker.postMessage(message, transfer)
    return answer
  }

  return {
    async add() {
      const bitmap = await createImageBitmap(canvas)
      await before
      before = ask({ type: 'picture', bitmap, delayMillis: 1000 / picturesPerSecond }, [bitmap])
      // Whoever waits for it next is told.
      before.catch(() => {})
    },
    async finish() {
      await before
      const answer = await ask({ type: 'finish' })
      worker.terminate()
      if (answer.type !== 'finished') throw new ExportError('The encoder gave no film. Try another format.')
      return new Blob([answer.bytes], { type: 'image/gif' })
    },
    async cancel() {
      worker.terminate()
    },
  }
}
