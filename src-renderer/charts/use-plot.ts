import uPlot from 'uplot'
import { onBeforeUnmount, onMounted, type Ref, watch } from 'vue'
import { useColourScheme } from './colours.ts'
import type { ChartData, Zoom } from './curves.ts'
import { type ChartOptions, toPlotOptions } from './options.ts'

/** Keeps a plot in `place`: made anew when the colours or the set of curves change, fed when the values do, sized with its place. */
export function usePlot(
  place: Readonly<Ref<HTMLElement | null>>,
  data: () => ChartData,
  zoom: () => Zoom | null,
  options: Omit<ChartOptions, 'curves' | 'zoom'>,
): void {
  let plot: uPlot | null = null
  const colourScheme = useColourScheme()
  const observer = new ResizeObserver(() => {
    if (place.value === null || plot === null) return
    const size = sizeOf(place.value)
    if (size.width !== plot.width || size.height !== plot.height) plot.setSize(size)
  })

  function make(): void {
    plot?.destroy()
    plot = null
    if (place.value === null) return
    const { width, height } = sizeOf(place.value)
    const plotOptions = toPlotOptions({ ...options, curves: data().curves, zoom }, width, height)
    plot = new uPlot(plotOptions, toPlotData(data()), place.value)
  }

  function feed(): void {
    plot?.setData(toPlotData(data()))
  }

  const shape = () =>
    data()
      .curves.map(({ label, colour, style }) => `${label} ${colour} ${style}`)
      .join()

  onMounted(() => {
    make()
    if (place.value !== null) observer.observe(place.value)
  })
  onBeforeUnmount(() => {
    observer.disconnect()
    plot?.destroy()
  })
  watch([colourScheme, shape], make, { flush: 'post' })
  watch([data, zoom], feed, { flush: 'post' })
}

function sizeOf(element: HTMLElement) {
  return { width: Math.max(80, element.clientWidth), height: Math.max(60, element.clientHeight) }
}

function toPlotData({ x, curves }: ChartData): uPlot.AlignedData {
  return [x, ...curves.map(({ values }) => values)]
}
