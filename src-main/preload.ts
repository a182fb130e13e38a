import { ipcRenderer } from 'electron'

// The little of the page that is needed here; the DOM's types would reach all of src-main.
declare const window: {
  postMessage(message: unknown, targetOrigin: string, ports?: readonly unknown[]): void
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
