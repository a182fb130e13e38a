import { type App, Menu, type MenuItemConstructorOptions, shell } from 'electron'
import type { OpenLabHow } from '../../contract/files.ts'
import { tellPage } from './to-page.ts'

const paper = 'https://arxiv.org/abs/2010.14603'

export interface MenuState {
  isPackaged: boolean
  labFolder: string
  recentLabs: readonly { folder: string; label: string }[]
  openLab: (how: OpenLabHow) => void
  openRecent: (folder: string) => void
  saveLogs: () => void
}

/** To be called again when another lab is open. */
export function setupMenu(app: App, state: Omit<MenuState, 'isPackaged'>): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate({ ...state, isPackaged: app.isPackaged })))
}

/** An item that does an action of the page. Its key is shown but the page listens for it, since there it can be changed. */
const action = (label: string, id: string): MenuItemConstructorOptions => ({
  id,
  label,
  click: () => tellPage({ action: id }),
})

/** Electron's roles, so that every desktop finds its usual entries and keys. */
export function menuTemplate(state: MenuState): MenuItemConstructorOptions[] {
  const isMac = process.platform === 'darwin'
  const { labFolder, recentLabs, openLab, openRecent, saveLogs } = state
  const others = recentLabs.filter(({ folder }) => folder !== labFolder)
  const developer: MenuItemConstructorOptions[] = state.isPackaged
    ? []
    : [{ type: 'separator' }, { role: 'toggleDevTools' }]
  return [
    ...(isMac ? [{ role: 'appMenu' } satisfies MenuItemConstructorOptions] : []),
    {
      label: '&File',
      submenu: [
        { label: 'New Lab…', click: () => openLab('create') },
        { label: 'Open Lab…', accelerator: 'CmdOrCtrl+O', click: () => openLab('open') },
        {
          label: 'Open Recent',
          enabled: others.length > 0,
          submenu: others.map(({ folder, label }) => ({ label, click: () => openRecent(folder) })),
        },
        { label: 'Open From Backup…', click: () => openLab('restore') },
        action('Back Up Lab…', 'lab.backUp'),
        { type: 'separator' },
        action('Import Experiment…', 'archive.import'),
        action('Export Experiment…', 'archive.export'),
        { type: 'separator' },
        { label: 'Show the Lab’s Folder', click: () => void shell.openPath(labFolder) },
        { type: 'separator' },
        action('Settings', 'go.settings'),
        { role: isMac ? 'close' : 'quit' },
      ],
    },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        action('Command Palette', 'palette.open'),
        { type: 'separator' },
        { role: 'reload' },
        { type: 'separator' },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
        ...developer,
      ],
    },
    { role: 'windowMenu' },
    {
      role: 'help',
      submenu: [
        action('Keys', 'keys.show'),
        { label: 'Save Log Bundle…', click: saveLogs },
        { label: 'The SQRL Paper', click: () => void shell.openExternal(paper) },
      ],
    },
  ]
}
