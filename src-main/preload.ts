import { ipcRenderer } from 'electron'

// The little of the page that is needed here; the DOM's types would reach all of src-main.
declare const window: { postMessage(message: string, targetOrigin: string, ports: readonly unknown[]): void }
declare const location: { readonly origin: string }

// The page gets one thing from the shell: a message port to the lab. It is handed on to the page itself, never to another origin.
ipcRenderer.on('port', (event) => {
  window.postMessage('sqrl-lab-port', location.origin, event.ports)
})
