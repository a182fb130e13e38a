import { type App, Menu, type MenuItemConstructorOptions, shell } from 'electron'

const paper = 'https://arxiv.org/abs/2010.14603'

/** Electron's roles, so that every desktop finds its usual entries and keys. */
export function setupMenu(app: App, labFolder: string): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(app.isPackaged, labFolder)))
}

export function menuTemplate(isPackaged: boolean, labFolder: string): MenuItemConstructorOptions[] {
  const isMac = process.platform === 'darwin'
  const developer: MenuItemConstructorOptions[] = isPackaged
    ? []
    : [{ type: 'separator' }, { role: 'toggleDevTools' }]
  return [
    ...(isMac ? [{ role: 'appMenu' } satisfies MenuItemConstructorOptions] : []),
    {
      label: '&File',
      submenu: [
        { label: 'Show the lab’s folder', click: () => void shell.openPath(labFolder) },
        { type: 'separator' },
        { role: isMac ? 'close' : 'quit' },
      ],
    },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
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
      submenu: [{ label: 'The SQRL paper', click: () => void shell.openExternal(paper) }],
    },
  ]
}
