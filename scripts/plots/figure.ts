import { readFileSync, writeFileSync } from 'node:fs'
import * as echarts from 'echarts'

/** Colours of the methods, the same in every figure (Okabe and Ito's palette). */
export const methodColours: Readonly<Record<string, string>> = {
  sqrl: '#0072b2',
  sac: '#e69f00',
  esac: '#56b4e9',
  wcpg: '#cc79a7',
  cpo: '#009e73',
  rs: '#000000',
}
export const failureColour = '#d55e00'

export const fontFamily = 'Inter, Helvetica, Arial, sans-serif'

/** Rows of a CSV file without quoted cells, by column name. */
export function readCsv(path: string | URL): Record<string, string>[] {
  const [header = '', ...lines] = readFileSync(path, 'utf8').trim().split('\n')
  const names = header.split(',')
  return lines.map((line) => {
    const cells = line.split(',')
    return Object.fromEntries(names.map((name, index) => [name, cells[index] ?? '']))
  })
}

/** Draws a chart without a browser and writes it as SVG on white. */
export function writeFigure(
  path: string | URL,
  width: number,
  height: number,
  option: echarts.EChartsCoreOption,
): void {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width, height })
  chart.setOption({ backgroundColor: '#ffffff', animation: false, textStyle: { fontFamily }, ...option })
  writeFileSync(path, chart.renderToSVGString())
  chart.dispose()
}

export function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  return Map.groupBy(items, key)
}
