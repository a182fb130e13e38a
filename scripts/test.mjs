import { existsSync } from 'node:fs'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { setup } from './setup.mjs'
import { fromRoot, node24, root, runInForeground, runMain, sayOnStderr, sayOnStdout } from './workshop.mjs'

const reports = fromRoot('test-results', 'reports')
const bin = (...parts) => fromRoot('node_modules', ...parts)
const playwrightConfig = [
  fromRoot('test', 'e2e', 'playwright.config.ts'),
  fromRoot('playwright.config.ts'),
].find(existsSync)

/** In this order, each only when the one before went well. */
const steps = [
  { part: 'check', title: 'Format and lint', args: [bin('@biomejs', 'biome', 'bin', 'biome'), 'check', '.'] },
  { part: 'check', title: 'Types', args: [bin('typescript', 'bin', 'tsc'), '-p', 'tsconfig.json'] },
  {
    part: 'check',
    title: 'Types of the renderer',
    needs: fromRoot('tsconfig.renderer.json'),
    args: [bin('vue-tsc', 'bin', 'vue-tsc.js'), '-p', 'tsconfig.renderer.json', '--noEmit'],
  },
  {
    part: 'unit',
    title: 'Unit tests',
    args: [
      bin('vitest', 'vitest.mjs'),
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${reports}/unit.json`,
    ],
    count: countUnitTests,
  },
  {
    part: 'e2e',
    title: 'End-to-end tests',
    needs: playwrightConfig ?? 'test/e2e/playwright.config.ts',
    args: [
      bin('@playwright', 'test', 'cli.js'),
      'test',
      '--config',
      playwrightConfig ?? '',
      '--reporter=list,json',
    ],
    env: {
      PLAYWRIGHT_JSON_OUTPUT_FILE: `${reports}/e2e.json`,
      PLAYWRIGHT_JSON_OUTPUT_NAME: `${reports}/e2e.json`,
    },
    count: countEndToEndTests,
  },
]
const parts = [...new Set(steps.map(({ part }) => part))]

runMain(async () => {
  const asked = process.argv.slice(2)
  const unknown = asked.find((part) => !parts.includes(part))
  if (unknown) {
    sayOnStderr(`Unknown part ${unknown}. Usage: npm test [-- ${parts.join(' | ')}]`)
    return 2
  }
  const chosen = steps.filter(
    ({ part, needs }) => (!asked.length || asked.includes(part)) && (!needs || existsSync(needs)),
  )
  const needsApp = chosen.some(({ part }) => part === 'e2e')
  const browser = await setup({ build: needsApp, browser: needsApp })
  const env = { ...process.env, ...(browser && { SQRL_LAB_BROWSER: browser.path }) }

  await rm(reports, { recursive: true, force: true })
  await mkdir(reports, { recursive: true })
  const counts = []
  for (const step of chosen) {
    const code = await run(step, env)
    if (step.count) counts.push(await step.count())
    if (code !== 0) {
      sayTotals(counts)
      sayOnStderr(`${step.title}: failed.`)
      return code
    }
  }
  sayTotals(counts)
})

async function run({ title, args, env: own }, env) {
  sayOnStdout(`\n== ${title}`)
  const { code, millis } = await runInForeground(node24, args, { cwd: root, env: { ...env, ...own } })
  sayOnStdout(`== ${title}: ${code === 0 ? 'ok' : `exit code ${code}`}, ${(millis / 1000).toFixed(1)} s`)
  return code
}

/** Says nothing where a report is missing or names no test: a sum over less than everything would mislead. */
function sayTotals(counts) {
  if (!counts.length || counts.includes(undefined)) return
  const sum = (key) => counts.reduce((total, count) => total + count[key], 0)
  if (sum('skipped')) sayOnStdout(`\n${sum('skipped')} skipped`)
  sayOnStdout(`\n${sum('passed')} passed, ${sum('failed')} failed`)
}

async function countUnitTests() {
  const report = await readReport('unit.json')
  if (!report) return undefined
  // A file that cannot be loaded has no failed test in it, yet it failed.
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'),
  )
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles.length,
    skipped: report.numPendingTests + report.numTodoTests,
  }
}

async function countEndToEndTests() {
  const report = await readReport('e2e.json')
  if (!report) return undefined
  const { expected, flaky, unexpected, skipped } = report.stats
  return { passed: expected + flaky, failed: unexpected, skipped }
}

async function readReport(name) {
  try {
    return JSON.parse(await readFile(`${reports}/${name}`, 'utf8'))
  } catch {
    return undefined
  }
}
