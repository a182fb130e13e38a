import type { ClientContext, ClientLink } from '@orpc/client'
import { RPCLink as PortLink } from '@orpc/client/message-port'
import { RPCLink as SocketLink } from '@orpc/client/websocket'
import { readonly, shallowRef, watch } from 'vue'
import { wireSerializers } from '../src-main/contract/wire.ts'

/**
 * connecting: for the first time. open: calls go through. reconnecting: it was open, or will be, and is tried again.
 * refused: the lab answers, but does not know this browser any more.
 */
export type ConnectionState = 'connecting' | 'open' | 'reconnecting' | 'refused'

const state = shallowRef<ConnectionState>('connecting')
const link = shallowRef<ClientLink<ClientContext> | null>(null)

export const connectionState = readonly(state)

export class NotConnectedError extends Error {
  override readonly name = 'NotConnectedError'
  constructor() {
    super('The lab is not connected. Try again once it is back.')
  }
}

/** Hands each call to the transport of the moment. */
export const currentLink: ClientLink<ClientContext> = {
  call(path, input, options) {
    if (link.value === null) return Promise.reject(new NotConnectedError())
    return link.value.call(path, input, options)
  },
}

/** Resolves once calls go through, or once the signal aborts. */
export function untilOpen(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const stop = watch(
      state,
      (now) => {
        if (now === 'open' || signal.aborted) finish()
      },
      { immediate: true, flush: 'sync' },
    )
    signal.addEventListener('abort', finish, { once: true })
    function finish() {
      // `stop` is not there yet while the watcher runs for the first time.
      queueMicrotask(() => stop())
      signal.removeEventListener('abort', finish)
      resolve()
    }
  })
}

const portMessage = 'sqrl-lab-port'
const firstDelayMillis = 250
const longestDelayMillis = 5000

/** Opens the way to the lab: a message port from the preload script under Electron, else a WebSocket to the page's origin. */
export function connect(): void {
  if (window.location.protocol === 'http:' || window.location.protocol === 'https:')
    openSocket(firstDelayMillis)
  else waitForPorts()
}

/** A new port comes whenever the lab's process is started again. */
function waitForPorts(): void {
  window.addEventListener('message', (event) => {
    const [port] = event.ports
    if (event.source !== window || event.data !== portMessage || port === undefined) return
    const portLink = new PortLink({ port, customJsonSerializers: wireSerializers })
    port.addEventListener('close', () => {
      if (link.value === portLink) setLost()
    })
    port.start()
    setOpen(portLink)
  })
}

function openSocket(delayMillis: number): void {
  const socket = new WebSocket(`${window.location.origin.replace(/^http/, 'ws')}/rpc`)
  socket.binaryType = 'arraybuffer'
  let nextDelayMillis = delayMillis
  socket.addEventListener('open', () => {
    nextDelayMillis = firstDelayMillis
    setOpen(new SocketLink({ websocket: socket, customJsonSerializers: wireSerializers }))
  })
  socket.addEventListener('close', async () => {
    const wasOpen = link.value !== null
    setLost()
    if (!wasOpen && (await isRefused())) {
      state.value = 'refused'
      nextDelayMillis = longestDelayMillis
    }
    window.setTimeout(
      () => openSocket(Math.min(longestDelayMillis, nextDelayMillis * 2)),
      wasOpen ? firstDelayMillis : nextDelayMillis,
    )
  })
}

/** A WebSocket does not say why it was not opened; a plain request does. */
async function isRefused(): Promise<boolean> {
  try {
    const response = await fetch('/', { method: 'HEAD', cache: 'no-store' })
    return response.status === 401
  } catch {
    return false
  }
}

function setOpen(opened: ClientLink<ClientContext>): void {
  link.value = opened
  state.value = 'open'
}

function setLost(): void {
  link.value = null
  if (state.value === 'open') state.value = 'reconnecting'
}
