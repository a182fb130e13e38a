import { homedir } from 'node:os'
import { dirname, join } from 'node:path'

/** Where the lab is without `--lab`, whichever shell opens it: with the user's other application data. */
export function defaultLabFolder(): string {
  const { APPDATA, XDG_DATA_HOME } = process.env
  if (process.platform === 'win32') return join(APPDATA ?? homedir(), 'SQRL Lab', 'lab')
  if (process.platform === 'darwin')
    return join(homedir(), 'Library', 'Application Support', 'SQRL Lab', 'lab')
  return join(XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), 'sqrl-lab', 'lab')
}

/** Where `serve` writes its log, and `logs` finds it. */
export function defaultLogFolder(): string {
  return join(dirname(defaultLabFolder()), 'logs')
}
