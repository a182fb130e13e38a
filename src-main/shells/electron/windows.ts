import { BrowserWindow, type BrowserWindowConstructorOptions, nativeTheme, screen } from 'electron'
import { appOrigin } from './app-protocol.ts'
import { preloadFile } from './paths.ts'
import { clampToScreens, keepWindowState, readWindowState } from './window-state.ts'

export const windowOptions: BrowserWindowConstructorOptions = {
  title: 'SQRL Lab',
  width: 1280,
  height: 860,
  minWidth: 900,
  minHeight: 600,
  show: false,
  webPreferences: {
    preload: preloadFile,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    safeDialogs: true,
    spellcheck: false,
  },
}

/**
 * Opens a window on the lab, where the last one was closed. `onLoaded` is called after each load, a reload included: by then the page
 * listens.
 */
export async function openWindow(
  onLoaded: (window: BrowserWindow) => void,
  stateFile: string | null = null,
): Promise<BrowserWindow> {
  const state = stateFile === null ? null : readWindowState(stateFile)
  const bounds =
    state &&
    clampToScreens(
      state,
      screen.getAllDisplays().map(({ workArea }) => workArea),
    )
  const window = new BrowserWindow({ ...windowOptions, ...bounds, backgroundColor: backgroundColor() })
  if (state?.isMaximized) window.maximize()
  if (stateFile !== null) keepWindowState(window, stateFile)
  // The shell writes the title, with the progress in it.
  window.on('page-title-updated', (event) => event.preventDefault())
  window.once('ready-to-show', () => window.show())
  window.webContents.on('did-finish-load', () => onLoaded(window))
  await window.loadURL(`${appOrigin}/`)
  return window
}

/** Until the page is painted, so that a dark desktop sees no white flash. */
function backgroundColor(): string {
  return nativeTheme.shouldUseDarkColors ? '#14161a' : '#ffffff'
}

/** Brings the lab's window to the front; returns false if there is none. */
export function showOpenWindow(): boolean {
  const [window] = BrowserWindow.getAllWindows()
  if (!window) return false
  if (window.isMinimized()) window.restore()
  window.show()
  window.focus()
  return true
}
