/** A browser under `serve` has files of its own and one lab; a window of the desktop app has the system's dialogs and menus. */
export const isBrowser = window.location.protocol === 'http:' || window.location.protocol === 'https:'

export type ShellMessage =
  /** A menu of the system asks for an action. */
  | { readonly action: string }
  /** The system handed an archive over, to be imported under this ticket. */
  | { readonly archive: string }

const kind = 'sqrl-lab-shell'

/** Messages of the shell around this page; a page of another origin or frame is not listened to. */
export function onShellMessage(listener: (message: ShellMessage) => void): () => void {
  const receive = ({ source, data }: MessageEvent<unknown>) => {
    if (source !== window || typeof data !== 'object' || data === null) return
    if (Reflect.get(data, 'kind') !== kind) return
    const [action, archive] = [Reflect.get(data, 'action'), Reflect.get(data, 'archive')]
    if (typeof action === 'string') listener({ action })
    else if (typeof archive === 'string') listener({ archive })
  }
  window.addEventListener('message', receive)
  return () => window.removeEventListener('message', receive)
}
