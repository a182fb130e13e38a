import { onBeforeUnmount, onMounted, type Ref, shallowRef, watch } from 'vue'
import type { ParallelLine, ParallelView } from '../compare/draw-parallel.ts'
import type { ToParallelWorker } from '../compare/parallel-worker.ts'

/** Has the lines of parallel coordinates drawn by a worker: hundreds take longer than a frame. Tells whether that failed. */
export function useParallelCanvas(
  canvas: Readonly<Ref<HTMLCanvasElement | null>>,
  lines: () => readonly ParallelLine[],
  view: () => ParallelView,
) {
  const hasFailed = shallowRef(false)
  let worker: Worker | null = null
  const send = (message: ToParallelWorker, transfer: Transferable[] = []) =>
    worker?.postMessage(message, transfer)
  const sendLines = () => send({ type: 'lines', lines: lines() })
  const sendView = () => send({ type: 'view', view: view() })

  onMounted(() => {
    if (canvas.value === null) return
    worker = new Worker(new URL('../compare/parallel-worker.ts', import.meta.url), {
      type: 'module',
      name: 'parallel coordinates',
    })
    worker.onerror = () => {
      hasFailed.value = true
    }
    const offscreen = canvas.value.transferControlToOffscreen()
    send({ type: 'canvas', canvas: offscreen }, [offscreen])
    sendLines()
    sendView()
  })
  watch(lines, sendLines, { flush: 'post' })
  watch(view, sendView, { flush: 'post' })
  onBeforeUnmount(() => worker?.terminate())
  return { hasFailed }
}
