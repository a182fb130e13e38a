import { spawn } from 'node:child_process'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'

const workshop = pathToFileURL('scripts/workshop.mjs').href
const child = `
  let heard = 0
  process.on('SIGINT', () => {
    heard += 1
    setTimeout(() => { console.log('heard ' + heard); process.exit(7) }, 600)
  })
  console.log('ready')
  setInterval(() => {}, 1000)
`

function runParent(script: string) {
  const parent = spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: 'pipe' })
  let output = ''
  const ready = new Promise<void>((resolve) => {
    parent.stdout.on('data', (chunk) => {
      output += chunk
      if (output.includes('ready')) resolve()
    })
  })
  const ended = new Promise<{ code: number | null; output: string }>((resolve) => {
    parent.on('close', (code) => resolve({ code, output }))
  })
  return { parent, ready, ended }
}

describe('workshop', () => {
  describe('runInForeground()', () => {
    it.skipIf(process.platform === 'win32')(
      'hands on a doubled Ctrl-C once and waits for the child',
      async () => {
        const { parent, ready, ended } = runParent(`
        import { runInForeground } from '${workshop}'
        const { code } = await runInForeground(process.execPath, ['--eval', ${JSON.stringify(child)}])
        process.exitCode = code
      `)
        await ready
        parent.kill('SIGINT')
        await new Promise((resolve) => setTimeout(resolve, 50))
        parent.kill('SIGINT')
        const { code, output } = await ended
        expect(output).toContain('heard 1')
        expect(code).toBe(7)
      },
    )

    it.skipIf(process.platform === 'win32')('gives 128 + n for a child that died by signal n', async () => {
      const { ended } = runParent(`
        import { runInForeground } from '${workshop}'
        const { code } = await runInForeground(process.execPath, ['--eval', 'process.kill(process.pid, "SIGKILL")'])
        process.exitCode = code
      `)
      expect((await ended).code).toBe(137)
    })
  })
})
