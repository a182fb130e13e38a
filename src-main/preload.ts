import { ipcRenderer, webUtils } from 'electron'

// The little of the page that is needed here; the DOM's types would reach all of src-main.
declare const window: {
  postMessage(message: unknown, targetOrigin: string, ports?: readonly unknown[]): void
  addEventListener(name: 'drop', listener: (event: DroppedFiles) => void): void
}
interface DroppedFiles {
  readonly isTrusted: boolean
  readonly dataTransfer: { readonly files: Iterable<File> } | null
}
declare const location: { readonly origin: string }

// The page gets one thing from the shell: a message port to the lab. It is handed on to the page itself, never to another origin.
ipcRenderer.on('port', (event) => {
  window.postMessage('sqrl-lab-port', location.origin, event.ports)
})

// Menus of the system ask the page for its actions, by their ids.
ipcRenderer.on('shell', (_event, message: { action?: unknown; archive?: unknown }) => {
  window.postMessage(
    { kind: 'sqrl-lab-shell', action: message.action, archive: message.archive },
    location.origin,
  )
})

// What a user drops on the page: its place on the disk is known here alone, and goes to the shell, not to the page. A drop that the page
// makes up itself does not count.
window.addEventListener('drop', ({ isTrusted, dataTransfer }) => {
  if (!isTrusted || dataTransfer === null) return
  const files = Array.from(dataTransfer.files, (file) => webUtils.getPathForFile(file))
  ipcRenderer.send('dropped-files', files)
})
