import uPlot from 'uplot'
import { onBeforeUnmount, onMounted, type Ref, watch } from 'vue'
import { useColourScheme } from './colours.ts'
import type { ChartData, Zoom } from './curves.ts'
import { type ChartOptions, hasBand, strengthOf, toPlotOptions } from './options.ts'

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
    const plotOptions = toPlotOptions({ ...options, curves: () => data().curves, zoom }, width, height)
    plot = new uPlot(plotOptions, toPlotData(data()), place.value)
  }

  function feed(): void {
    plot?.setData(toPlotData(data()))
  }

  const shape = () =>
    data()
      .curves.map((curve) =>
        [
          curve.label,
          curve.colour,
          curve.style,
          curve.dash,
          hasBand(curve),
          curve.endLabel !== undefined,
        ].join(' '),
      )
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
  watch(options.place, () => plot?.redraw(false), { flush: 'post' })
  watch(
    options.focus,
    (focus) => {
      if (plot === null) return
      for (const [index, curve] of data().curves.entries()) {
        const series = plot.series[index + 1]
        if (series !== undefined) series.alpha = strengthOf(curve, focus)
      }
      plot.redraw(false)
    },
    { flush: 'post' },
  )
}

function sizeOf(element: HTMLElement) {
  return { width: Math.max(80, element.clientWidth), height: Math.max(60, element.clientHeight) }
}

function toPlotData({ x, curves }: ChartData): uPlot.AlignedData {
  const bounds = curves.flatMap(({ low, high }) => (low && high ? [low, high] : []))
  return [x, ...curves.map(({ values }) => values), ...bounds]
}
