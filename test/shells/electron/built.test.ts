import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { planTransfer } from '../../../src-main/lab/transfer.ts'
import { forkScript } from '../../../src-main/training/worker-process.ts'
import { openTestLab } from '../../lab/test-lab.ts'

const built = (...parts: string[]) => resolve('out', ...parts)

/** `npm test` builds first; a unit test run by hand may find no build. */
describe.skipIf(!existsSync(built('.built')))('the build', () => {
  it('has a worker that trains', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'built-'))
    const worker = built('main', 'training', 'worker.js')
    const lab = await openTestLab(folder, { planTransfer, startWorker: () => forkScript(worker) })
    lab.experiments.start({
      environment: 'drunk-spider',
      methods: ['sac'],
      seeds: [0],
      pretrainSteps: 20,
      finetuneSteps: 10,
    })
    await lab.whenIdle()
    const runs = lab.runs.list().map(({ state, step, error }) => ({ state, step, error }))
    expect(runs).toEqual([
      { state: 'finished', step: 20, error: null },
      { state: 'finished', step: 10, error: null },
    ])
    await lab.close()
    rmSync(folder, { recursive: true, force: true })
  }, 60_000)

  it('has a lab service that loads', async () => {
    const service = pathToFileURL(built('main', 'shells', 'electron', 'lab-service.js')).href
    const script = `process.parentPort = { on: (name) => console.log('listens to', name) }; await import('${service}')`
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script])
    expect(stdout).toContain('listens to message')
  })

  it('has a preload script that a sandbox can load: one file, Electron alone', () => {
    const preload = readFileSync(built('preload', 'preload.cjs'), 'utf8')
    expect(preload.match(/require\([^)]*\)/g)).toEqual(['require("electron")'])
    expect(preload).not.toContain('import ')
  })

  it('has pages that load nothing from elsewhere and carry no inline script', () => {
    const page = readFileSync(built('renderer', 'index.html'), 'utf8')
    expect(page).not.toMatch(/https?:\/\//)
    expect(page).not.toMatch(/<script(?![^>]*\ssrc=)/)
    expect(page).not.toMatch(/<style|\sstyle=|\son\w+=/)
  })
})
