import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { failureColour, groupBy, methodColours, readCsv, writeFigure } from './figure.ts'

/** Draws the figures of docs/results/drunk-spider from the CSV and JSON files in it. Run with: npm run plots */

const folder = new URL('../../docs/results/drunk-spider/', import.meta.url)
const PANEL = 320
const HEIGHT = 300
const MARGIN = 56

interface Target {
  /** Folders of the experiments that are drawn in one panel. */
  folders: string[]
  title: string
}

const targets: Target[] = [
  { folders: ['goal-6.5-3.5'], title: 'goal (6.5, 3.5), uniform noise 0.1' },
  { folders: ['goal-6.5-2.5'], title: 'goal (6.5, 2.5), uniform noise 0.1' },
  { folders: ['goal-6.5-2.5-gaussian'], title: 'goal (6.5, 2.5), Gaussian 0.2 in both tasks' },
  {
    folders: ['goal-6.5-2.5-gaussian-target-sqrl', 'goal-6.5-2.5-gaussian-target-sac'],
    title: 'goal (6.5, 2.5), Gaussian 0.2 on the target only',
  },
  {
    folders: ['goal-6.5-2.5-gaussian-bridge-sqrl', 'goal-6.5-2.5-gaussian-bridge-sac'],
    title: 'the same, from policies that start on the bridge',
  },
].filter(({ folders }) => folders.every((name) => existsSync(new URL(`${name}/curves.csv`, folder))))

/** A panel per target, a thin line per seed and a thick one for their mean. */
function drawCurves(file: string, column: string, label: string): void {
  const grid: object[] = []
  const xAxis: object[] = []
  const yAxis: object[] = []
  const series: object[] = []
  const title: object[] = []
  targets.forEach((target, panel) => {
    const left = MARGIN + panel * PANEL
    grid.push({ left, top: 48, width: PANEL - MARGIN - 20, height: HEIGHT - 104 })
    title.push({ text: target.title, left, top: 8, textStyle: { fontSize: 12, fontWeight: 'normal' } })
    xAxis.push({
      type: 'value',
      gridIndex: panel,
      name: 'fine-tuning step',
      nameLocation: 'middle',
      nameGap: 24,
      splitLine: { show: false },
    })
    yAxis.push({
      type: 'value',
      gridIndex: panel,
      name: panel === 0 ? label : '',
      nameLocation: 'middle',
      nameGap: 36,
    })
    const rows = target.folders
      .flatMap((name) => readCsv(new URL(`${name}/curves.csv`, folder)))
      .filter((row) => row.phase === 'finetune' && row[column] !== '')
    for (const [method, ofMethod] of groupBy(rows, (row) => row.method ?? '')) {
      const line = (data: [number, number][], width: number, opacity: number, name?: string) =>
        series.push({
          type: 'line',
          xAxisIndex: panel,
          yAxisIndex: panel,
          data,
          showSymbol: false,
          lineStyle: {
            width,
            opacity,
            color: methodColours[method],
            type: method === 'sac' ? 'dashed' : 'solid',
          },
          ...(name
            ? {
                endLabel: {
                  show: true,
                  formatter: name,
                  color: methodColours[method],
                  offset: [-32, method === 'sac' ? 12 : -10],
                },
              }
            : {}),
        })
      for (const seedRows of groupBy(ofMethod, (row) => row.seed ?? '').values())
        line(
          seedRows.map((row) => [Number(row.step), Number(row[column])]),
          1,
          0.4,
        )
      const means = [...groupBy(ofMethod, (row) => row.step ?? '')].map(
        ([step, atStep]): [number, number] => [
          Number(step),
          atStep.reduce((sum, row) => sum + Number(row[column]), 0) / atStep.length,
        ],
      )
      line(means, 2.5, 1, method.toUpperCase())
    }
  })
  writeFigure(new URL(file, folder), targets.length * PANEL + 20, HEIGHT, {
    title,
    grid,
    xAxis,
    yAxis,
    series,
  })
}

const MAP = ['.......', '.......', '..#.#..', '..#.#..', '..#.#..', '..#.#..', '.......', '.......']

/** The paths of the trained policies over the map (Figure 5): a panel per threshold. */
function drawTrajectories(name: string): void {
  const files = pathFiles(name)
  const epsilons = [...new Set(files.map((name) => name.split('-')[2] ?? ''))]
  const side = 30
  const width = MAP[0]?.length ?? 0
  const lava = MAP.flatMap((row, y) => [...row].flatMap((cell, x) => (cell === '#' ? [[x, y]] : [])))
  writeFigure(
    new URL(`${name}.svg`, folder),
    epsilons.length * (width * side + 80) + 20,
    MAP.length * side + 90,
    {
      title: epsilons.map((epsilon, panel) => ({
        text: epsilon === 'none' ? 'after pre-training, no mask' : `fine-tuned, ε_safe = ${epsilon}`,
        left: 40 + panel * (width * side + 80),
        top: 8,
        textStyle: { fontSize: 12, fontWeight: 'normal' },
      })),
      grid: epsilons.map((_, panel) => ({
        left: 40 + panel * (width * side + 80),
        top: 36,
        width: width * side,
        height: MAP.length * side,
        show: true,
        borderColor: '#888',
      })),
      xAxis: epsilons.map((_, gridIndex) => ({
        gridIndex,
        min: 0,
        max: width,
        interval: 1,
        name: 'column',
        nameLocation: 'middle',
        nameGap: 24,
      })),
      yAxis: epsilons.map((_, gridIndex) => ({
        gridIndex,
        min: 0,
        max: MAP.length,
        interval: 1,
        inverse: true,
        name: gridIndex === 0 ? 'row' : '',
      })),
      series: epsilons.flatMap((epsilon, panel) => [
        {
          type: 'line',
          xAxisIndex: panel,
          yAxisIndex: panel,
          data: [],
          markArea: {
            silent: true,
            itemStyle: { color: failureColour, opacity: 0.35 },
            data: lava.map(([x = 0, y = 0]) => [{ coord: [x, y] }, { coord: [x + 1, y + 1] }]),
          },
        },
        ...files
          .filter((file) => file.split('-')[2] === epsilon)
          .flatMap((file) =>
            [
              ...groupBy(readCsv(new URL(`${name}/${file}`, folder)), (row) => row.episode ?? '').values(),
            ].slice(0, 8),
          )
          .map((rows) => ({
            type: 'line',
            xAxisIndex: panel,
            yAxisIndex: panel,
            showSymbol: false,
            data: rows.map((row) => [Number(row.column), Number(row.row)]),
            lineStyle: {
              width: 1,
              opacity: 0.5,
              color: rows[0]?.outcome === 'failure' ? failureColour : methodColours.sqrl,
            },
          })),
      ]),
    },
  )
}

/** Which way an episode took past the lava: over the bridge, around it, or not past it at all. */
function routeOf(rows: readonly Record<string, string>[]): 'bridge' | 'detour' | 'neither' {
  const beside = rows
    .filter((row) => Number(row.row) >= 3 && Number(row.row) < 5)
    .map((row) => Number(row.column))
  if (beside.length === 0) return 'neither'
  return beside.every((column) => column >= 3 && column < 4) ? 'bridge' : 'detour'
}

/** Counts the routes of each seed's final policy. */
function countRoutes(name: string): void {
  const lines = pathFiles(name).map((file) => {
    const [, , epsilon, , seed] = file.replace('.csv', '').split('-')
    const episodes = [
      ...groupBy(readCsv(new URL(`${name}/${file}`, folder)), (row) => row.episode ?? '').values(),
    ]
    const count = (test: (rows: Record<string, string>[]) => boolean) => episodes.filter(test).length
    const routes = (['bridge', 'detour', 'neither'] as const).map((route) =>
      count((rows) => routeOf(rows) === route),
    )
    const outcomes = ['success', 'failure', 'timeout'].map((outcome) =>
      count((rows) => rows[0]?.outcome === outcome),
    )
    return [epsilon, seed, episodes.length, ...routes, ...outcomes].join(',')
  })
  writeFileSync(
    new URL(`${name}/routes.csv`, folder),
    `epsilonSafe,seed,episodes,bridge,detour,neither,success,failure,timeout\n${lines.join('\n')}\n`,
  )
}

/** Named paths-epsilon-0.05-seed-3.csv. */
const pathFiles = (name: string): string[] =>
  readdirSync(new URL(`${name}/`, folder))
    .filter((file) => file.startsWith('paths-epsilon-'))
    .sort()

interface CalibrationFile {
  roc: { falsePositiveRate: number; truePositiveRate: number }[]
  reliability: { predicted: number | null; observed: number | null; count: number }[]
}

/** ROC and reliability of the safety critics, a line per seed. */
function drawCalibration(): void {
  const files = readdirSync(new URL('calibration/', folder)).filter((name) =>
    name.startsWith('goal-6.5-2.5-seed'),
  )
  const results = files.map(
    (name): CalibrationFile => JSON.parse(readFileSync(new URL(`calibration/${name}`, folder), 'utf8')),
  )
  const axis = (name: string, gridIndex: number) => ({
    type: 'value',
    min: 0,
    max: 1,
    gridIndex,
    name,
    nameLocation: 'middle',
    nameGap: 28,
  })
  const line = (panel: number, data: (number | null)[][], symbol = false) => ({
    type: 'line',
    xAxisIndex: panel,
    yAxisIndex: panel,
    data,
    showSymbol: symbol,
    symbolSize: 5,
    lineStyle: { width: 1.5, opacity: 0.7, color: methodColours.sqrl },
    itemStyle: { color: methodColours.sqrl },
  })
  const diagonal = (panel: number) => ({
    ...line(panel, [
      [0, 0],
      [1, 1],
    ]),
    lineStyle: { type: 'dashed', color: '#999', width: 1 },
  })
  writeFigure(new URL('calibration.svg', folder), 2 * PANEL + 20, PANEL + 20, {
    title: ['ROC: this step fails', 'reliability: fails within the horizon'].map((text, panel) => ({
      text,
      left: MARGIN + panel * PANEL,
      top: 8,
      textStyle: { fontSize: 12, fontWeight: 'normal' },
    })),
    grid: [0, 1].map((panel) => ({
      left: MARGIN + panel * PANEL,
      top: 40,
      width: PANEL - MARGIN - 20,
      height: PANEL - MARGIN - 40,
    })),
    xAxis: [axis('false alarms', 0), axis('Q_safe', 1)],
    yAxis: [axis('failures told', 0), axis('failed', 1)],
    series: [
      diagonal(0),
      diagonal(1),
      ...results.map(({ roc }) =>
        line(
          0,
          roc.map((point) => [point.falsePositiveRate, point.truePositiveRate]),
        ),
      ),
      ...results.map(({ reliability }) =>
        line(
          1,
          reliability
            .filter(({ count }) => count >= 20)
            .map(({ predicted, observed }) => [predicted, observed]),
          true,
        ),
      ),
    ],
  })
}

drawCurves('cumulative-failures.svg', 'cumulativeFailures', 'failures so far')
drawCurves('return.svg', 'return', 'return, mean of 100 episodes')
drawCurves('success.svg', 'successRate', 'success, share of 100 episodes')
for (const name of readdirSync(folder).filter((entry) => /^figure-5(?!.*\.svg$)/.test(entry))) {
  drawTrajectories(name)
  countRoutes(name)
}
if (existsSync(new URL('calibration/', folder))) drawCalibration()
