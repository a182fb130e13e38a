import uPlot from 'uplot'
import { onBeforeUnmount, onMounted, type Ref, watch } from 'vue'
import { useColourScheme } from './colours.ts'
import type { ChartData, Zoom } from './curves.ts'
import { drawNoMore, drawSoon } from './draw-queue.ts'
import { type ChartOptions, hasBand, strengthOf, toPlotOptions } from './options.ts'

/** A chart is drawn a little before it is scrolled to. */
const marginOfSight = '160px'

/**
 * Keeps a plot in `place`: made anew when the colours or the set of curves change, fed when the values do, sized with its place. All of it waits for its
 * turn among the charts, and for the chart to be in sight.
 */
export function usePlot(
  place: Readonly<Ref<HTMLElement | null>>,
  data: () => ChartData,
  zoom: () => Zoom | null,
  options: Omit<ChartOptions, 'curves' | 'zoom'>,
): void {
  let plot: uPlot | null = null
  let size: { width: number; height: number } | null = null
  let isInSight = false
  /** What has changed since the plot was drawn. */
  const due = new Set<'shape' | 'size' | 'data' | 'focus' | 'place'>()
  const colourScheme = useColourScheme()

  // The observer knows the size; to ask the element would lay out the page at once.
  const sizes = new ResizeObserver(([entry]) => {
    if (entry === undefined) return
    const { width, height } = entry.contentRect
    size = { width: Math.max(80, Math.round(width)), height: Math.max(60, Math.round(height)) }
    demand('size')
  })
  const sights = new IntersectionObserver(
    ([entry]) => {
      isInSight = entry?.isIntersecting ?? false
      if (due.size > 0) drawInTurn()
    },
    { scrollMargin: marginOfSight },
  )

  const demandFor = (what: Parameters<typeof due.add>[0]) => () => demand(what)
  function demand(what: Parameters<typeof due.add>[0]): void {
    due.add(what)
    drawInTurn()
  }

  function drawInTurn(): void {
    if (isInSight && size !== null) drawSoon(due, draw)
  }

  function draw(): void {
    if (place.value === null || size === null) return
    if (plot === null || due.has('shape')) make(place.value, size)
    else {
      if (due.has('size') && (size.width !== plot.width || size.height !== plot.height)) plot.setSize(size)
      if (due.has('focus')) strengthen(plot)
      if (due.has('data')) plot.setData(toPlotData(data()))
      else if (due.has('focus') || due.has('place')) plot.redraw(false)
    }
    due.clear()
  }

  function make(element: HTMLElement, { width, height }: { width: number; height: number }): void {
    plot?.destroy()
    const plotOptions = toPlotOptions({ ...options, curves: () => data().curves, zoom }, width, height)
    plot = new uPlot(plotOptions, toPlotData(data()), element)
    strengthen(plot)
  }

  function strengthen(chart: uPlot): void {
    for (const [index, curve] of data().curves.entries()) {
      const series = chart.series[index + 1]
      if (series !== undefined) series.alpha = strengthOf(curve, options.focus())
    }
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
    if (place.value === null) return
    sizes.observe(place.value)
    sights.observe(place.value)
  })
  onBeforeUnmount(() => {
    sizes.disconnect()
    sights.disconnect()
    drawNoMore(due)
    plot?.destroy()
  })
  watch([colourScheme, shape], demandFor('shape'), { flush: 'post' })
  watch([data, zoom, options.sight], demandFor('data'), { flush: 'post' })
  watch(options.place, demandFor('place'), { flush: 'post' })
  watch(options.focus, demandFor('focus'), { flush: 'post' })
}

function toPlotData({ x, curves }: ChartData): uPlot.AlignedData {
  const bounds = curves.flatMap(({ low, high }) => (low && high ? [low, high] : []))
  return [x, ...curves.map(({ values }) => values), ...bounds]
}
