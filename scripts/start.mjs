import { fetchElectron } from './electron-binary.mjs'
import { setup } from './setup.mjs'
import { fromRoot, node24, root, runInForeground, runMain, sayOnStdout } from './workshop.mjs'

/** A window that dies by a signal this soon could not be opened at all, such as without a working sandbox. */
const startUpMillis = 10_000

runMain(async () => {
  const args = process.argv.slice(2)
  await setup()
  const electron = await electronOrReason()
  if (electron.reason) return serve(electron.reason, args)
  const { code, signal, millis } = await runInForeground(electron.path, [root, ...args])
  if (signal !== null && signal !== 'SIGINT' && signal !== 'SIGTERM' && millis < startUpMillis) {
    return serve(`it ended at once (${signal})`, args)
  }
  return code
})

async function electronOrReason() {
  if (process.platform === 'linux') {
    if (!process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return { reason: 'there is no display' }
    if (process.getuid() === 0) return { reason: 'its sandbox does not start as root' }
  }
  return fetchElectron(sayOnStdout)
}

async function serve(reason, args) {
  sayOnStdout(
    `Electron is left out, because ${reason}; serving the same app to a browser on this machine instead.`,
  )
  const { code } = await runInForeground(node24, [fromRoot('src-main', 'cli.ts'), 'serve', ...args])
  return code
}
