import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { arch, cpus, platform, release } from 'node:os'
import { z } from 'zod'
import packageJson from '../../package.json' with { type: 'json' }
import type { Provenance } from '../contract/runs.ts'

// Not named `require`: the build adds one of that name to modules that call it.
const load = createRequire(import.meta.url)
const packageFile = z.object({ version: z.string() })

function versionOf(name: string): string {
  return packageFile.parse(load(`${name}/package.json`)).version
}

/** Commit of the sources, where they are a checkout; the packaged application has none. */
function gitCommit(): string | null {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], {
      cwd: import.meta.dirname,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  } catch {
    return null
  }
}

/** What this machine and this software are, for the record of a run. */
export function describeProvenance(engine: string): Provenance {
  return {
    application: packageVersion(),
    gitCommit: gitCommit(),
    engine,
    threads: 1,
    cpu: cpus()[0]?.model ?? 'unknown',
    platform: `${platform()} ${arch()} ${release()}`,
    packages: {
      node: process.versions.node,
      ...(process.versions.electron ? { electron: process.versions.electron } : {}),
      '@tensorflow/tfjs': versionOf('@tensorflow/tfjs'),
      'onnxruntime-node': versionOf('onnxruntime-node'),
    },
  }
}

export function packageVersion(): string {
  return packageJson.version
}
