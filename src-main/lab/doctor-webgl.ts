import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const page = `<p id="renderer"></p><script>
const gl = document.createElement('canvas').getContext('webgl2')
const info = gl && gl.getExtension('WEBGL_debug_renderer_info')
const renderer = gl && gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER)
document.getElementById('renderer').textContent = renderer || ''
</script>`

/** What draws WebGL in this browser, as it calls itself; null where nothing does. */
export async function probeWebGl(browserPath: string): Promise<string | null> {
  const profile = await mkdtemp(join(tmpdir(), 'sqrl-lab-webgl-'))
  const flags = ['--headless', '--no-first-run', '--disable-extensions', `--user-data-dir=${profile}`]
  // Chromium's sandbox does not start as root.
  if (process.getuid?.() === 0) flags.push('--no-sandbox')
  const url = `data:text/html,${encodeURIComponent(page)}`
  try {
    const { stdout } = await promisify(execFile)(browserPath, [...flags, '--dump-dom', url], {
      timeout: 20_000,
      killSignal: 'SIGKILL',
    })
    return findRenderer(stdout)
  } catch {
    return null
  } finally {
    // The browser may still be writing its last files.
    await rm(profile, { recursive: true, force: true, maxRetries: 5 }).catch(() => {})
  }
}

export function findRenderer(html: string): string | null {
  return html.match(/<p id="renderer">([^<]+)<\/p>/)?.[1] ?? null
}
