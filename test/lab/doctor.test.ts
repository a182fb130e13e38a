import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import {
  checkMemory,
  checkNode,
  type DoctorTools,
  doctorReport,
  formatDoctorReport,
  runDoctor,
} from '../../src-main/lab/doctor.ts'
import { findRenderer } from '../../src-main/lab/doctor-webgl.ts'

const folder = mkdtempSync(join(tmpdir(), 'doctor-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const well: DoctorTools = {
  findBrowser: async () => ({ path: '/bin/chromium', name: 'Chromium 1' }),
  findElectron: async () => '/electron',
  probeWebGl: async () => 'ANGLE (A graphics card)',
  sqliteVersion: async () => '3.53.0',
}
const fast = { name: 'compiled', isOptional: false, measureUpdateRate: async () => 213.4 }

async function statuses(tools: Partial<DoctorTools>, engines = [fast]) {
  const report = await runDoctor({
    labFolder: join(folder, 'none', 'yet'),
    engines,
    tools: { ...well, ...tools },
  })
  return Object.fromEntries(report.checks.map(({ topic, status }) => [topic, status]))
}

const failing = (message: string) => async () => {
  throw new Error(message)
}

describe('doctor', () => {
  describe('runDoctor()', () => {
    it('reports in its own schema and leaves a lab that is not there alone', async () => {
      const report = await runDoctor({ labFolder: join(folder, 'none', 'yet'), engines: [fast], tools: well })
      expect(doctorReport.parse(JSON.parse(JSON.stringify(report)))).toEqual(report)
      expect(report.checks.map(({ topic }) => topic)).toEqual([
        'Node',
        'SQLite',
        'Engine compiled',
        'Electron',
        'Browser',
        'WebGL',
        'Processor',
        'Memory',
        'Disk',
      ])
      expect(report.checks[2]?.values).toEqual({ updatesPerSecond: 213.4 })
    })

    it('warns of what is missing, each with a remedy', async () => {
      const report = await runDoctor({
        labFolder: folder,
        engines: [{ ...fast, measureUpdateRate: failing('no such file') }],
        tools: {
          findBrowser: async () => null,
          findElectron: async () => null,
          probeWebGl: async () => null,
          sqliteVersion: failing('bad binding'),
        },
      })
      const warned = report.checks.filter(({ status }) => status === 'warn')
      expect(warned.map(({ topic }) => topic)).toEqual(
        expect.arrayContaining(['SQLite', 'Engine compiled', 'Electron', 'Browser']),
      )
      for (const { remedy } of warned) expect(remedy).toMatch(/\.$/)
    })

    it('does not mind an optional engine that is not there', async () => {
      const eager = { name: 'eager', isOptional: true, measureUpdateRate: failing('no binding') }
      expect(await statuses({}, [fast, eager])).toMatchObject({
        'Engine eager': 'ok',
        'Engine compiled': 'ok',
      })
    })

    it('warns of WebGL that the processor draws', async () => {
      expect(await statuses({ probeWebGl: async () => 'ANGLE (Google, Vulkan SwiftShader)' })).toMatchObject({
        WebGL: 'warn',
      })
      expect(await statuses({ probeWebGl: async () => null })).toMatchObject({ WebGL: 'warn' })
    })

    it('finds SQLite on this machine', async () => {
      const { checks } = await runDoctor({ labFolder: folder, engines: [] })
      expect(checks.find(({ topic }) => topic === 'SQLite')?.finding).toMatch(/^3\.\d+\.\d+$/)
    }, 60_000)
  })

  describe('formatDoctorReport()', () => {
    it('puts the remedy below the finding', async () => {
      const text = formatDoctorReport({
        labFolder: folder,
        checks: [checkNode('24.1.0'), checkNode('20.20.2')],
      })
      expect(text).toBe(
        [
          'ok    Node  24.1.0',
          'warn  Node  20.20.2',
          '            Run it with npm run lab, which brings Node 24.',
        ].join('\n'),
      )
    })
  })

  describe('checkMemory()', () => {
    it('warns below 4 GiB', () => {
      expect(checkMemory(2 * 2 ** 30, 2 ** 30)).toMatchObject({
        status: 'warn',
        finding: '2.0 GiB, 1.0 GiB of it free',
      })
      expect(checkMemory(8 * 2 ** 30, 0).status).toBe('ok')
    })
  })

  describe('findRenderer()', () => {
    it('reads the page that the browser prints', () => {
      expect(findRenderer('<html><body><p id="renderer">ANGLE (Mesa)</p><script></script>')).toBe(
        'ANGLE (Mesa)',
      )
      expect(findRenderer('<p id="renderer"></p>')).toBeNull()
      expect(findRenderer('')).toBeNull()
    })
  })
})
