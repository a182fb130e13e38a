import type { LabStatus } from '../../contract/lab.ts'
import type { Run } from '../../contract/runs.ts'
import type { Lab } from '../../lab/lab.ts'
import { formatDuration, formatNumber, note } from './output.ts'

const LINE_SECONDS = 10

/** Time left from the fastest to the slowest pace. */
function formatRange(seconds: LabStatus['secondsLeft']): string {
  if (seconds === null) return formatDuration(null)
  const [low, high] = [formatDuration(seconds.low), formatDuration(seconds.high)]
  return low === high ? low : `${low} to ${high}`
}

/**
 * Shows how the training of some runs goes, on standard error: one line that is rewritten on a terminal, plain lines elsewhere. Returns how to
 * end it.
 */
export function showProgress(lab: Lab, isShown: (run: Run) => boolean): () => void {
  const terminal = process.stderr.isTTY
  const states = new Map<number, string>()
  let lastLine = 0

  const runs = () => lab.runs.list().filter(isShown)
  for (const { id, state } of runs()) if (state !== 'running') states.set(id, state)

  const tick = () => {
    const status = lab.status()
    for (const run of runs()) announce(run)
    const rate = runs().reduce(
      (sum, run) => sum + (run.state === 'running' ? (run.stepsPerSecond ?? 0) : 0),
      0,
    )
    const percent = `${Math.floor((status.progress ?? 1) * 100)} %`
    const line = `${percent}, ${formatNumber(rate, 3)} steps/s, ${formatRange(status.secondsLeft)} left, ${status.running} training, ${status.queued} waiting`
    if (terminal) process.stderr.write(`\r\u001b[K${line}`)
    else if (performance.now() - lastLine > LINE_SECONDS * 1000) {
      lastLine = performance.now()
      note(line)
    }
  }

  const announce = ({ id, state, specification, episodes, failures, error }: Run) => {
    if (states.get(id) === state) return
    states.set(id, state)
    if (terminal) process.stderr.write('\r\u001b[K')
    const { method, phase, seed } = specification
    const standing = episodes > 0 ? `, ${failures} failures in ${episodes} episodes` : ''
    note(`run ${id} (${method}, ${phase}, seed ${seed}): ${state}${standing}${error ? `. ${error}` : ''}`)
  }

  const timer = setInterval(tick, terminal ? 250 : 1000)
  return () => {
    clearInterval(timer)
    for (const run of runs()) announce(run)
    if (terminal) process.stderr.write('\r\u001b[K')
  }
}
