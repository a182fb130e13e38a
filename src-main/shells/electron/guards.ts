import { type App, type Session, shell, type WebContents } from 'electron'
import { appOrigin } from './app-protocol.ts'

/** Pages that a link may open, in the user's own browser. */
const externalOrigins = new Set(['https://arxiv.org', 'https://github.com'])

const localSchemes = new Set(['app:', 'blob:', 'data:', 'devtools:'])

/** A copied command or figure, and the news that a run has ended; everything else that a page can ask for is refused. */
const allowedPermissions: readonly string[] = ['clipboard-sanitized-write', 'notifications']

/** No page leaves the app, opens a window or embeds another, whichever window it is in. */
export function setupNavigationGuards(app: App): void {
  app.on('web-contents-created', (_event, contents) => guardNavigation(contents))
}

function guardNavigation(contents: WebContents): void {
  contents.on('will-navigate', (event) => {
    if (!isOwnPage(event.url)) event.preventDefault()
  })
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame || !isOwnPage(event.url)) event.preventDefault()
  })
  contents.on('will-redirect', (event) => event.preventDefault())
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(({ url }) => {
    if (isAllowedOutside(url)) void shell.openExternal(url)
    return { action: 'deny' }
  })
}

/** Both handlers are needed: the one answers requests, the other what a page believes it may do without asking. */
export function setupPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, respond, details) => {
    respond(
      allowedPermissions.includes(permission) && details.isMainFrame && isOwnPage(details.requestingUrl),
    )
  })
  session.setPermissionCheckHandler(
    (_contents, permission, requestingOrigin, details) =>
      allowedPermissions.includes(permission) && details.isMainFrame && isOwnPage(requestingOrigin),
  )
  session.setDevicePermissionHandler(() => false)
}

/** The pages come from app:// and talk to the lab through a message port, so whatever else they ask of a network or a disk is refused. */
export function setupNetworkBlock(session: Session): void {
  session.webRequest.onBeforeRequest({ urls: ['<all_urls>'] }, ({ url }, respond) => {
    respond({ cancel: !localSchemes.has(new URL(url).protocol) })
  })
}

export function isOwnPage(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, host, username, password } = new URL(url)
  return `${protocol}//${host}` === appOrigin && username === '' && password === ''
}

export function isAllowedOutside(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { origin, username, password } = new URL(url)
  return externalOrigins.has(origin) && username === '' && password === ''
}
