import type { RunEvent } from '../../src-main/contract/index.ts'

/** The log from the newest on; checkpoints that follow one another become one line. */
export function foldLog(log: readonly RunEvent[]): RunEvent[] {
  const lines: RunEvent[] = []
  let checkpoints = 0
  for (const event of log) {
    const last = lines.at(-1)
    checkpoints = event.kind === 'checkpoint' ? checkpoints + 1 : 0
    if (checkpoints < 2 || last === undefined) lines.push(event)
    else lines[lines.length - 1] = { ...event, id: last.id, text: `${checkpoints} checkpoints were written.` }
  }
  return lines.reverse()
}
