import { describeActions } from './describe.ts'

const needsWindow =
  'In a browser the lab stays the one that was served: serve another folder with --lab, or open it in the app’s own window.'

/** What can be done wherever one is. */
export const frameActions = describeActions('Everywhere', null, {
  'palette.open': { title: 'Command palette', icon: 'search', keys: ['$mod+k'], inFields: true },
  'keys.show': { title: 'Show the keys', icon: 'keyboard', keys: ['[Shift]+?'] },
  'lab.backUp': { title: 'Back up the lab…', icon: 'download' },
  'lab.open': { title: 'Open another lab…', needs: needsWindow },
  'lab.create': { title: 'New lab…', needs: needsWindow },
  'lab.restore': { title: 'Open a lab from a backup…', needs: needsWindow },
  'archive.import': { title: 'Import an experiment or an episode…', icon: 'upload' },
  'archive.export': {
    title: 'Export an experiment…',
    icon: 'download',
    needs: 'This lab has no experiment yet.',
  },
  'theme.system': { title: 'Theme: as the system', icon: 'system' },
  'theme.light': { title: 'Theme: light', icon: 'light' },
  'theme.dark': { title: 'Theme: dark', icon: 'dark' },
  'history.back': { title: 'Back to the view before', icon: 'back', keys: ['Alt+ArrowLeft'] },
})

/** What was deleted comes back. */
export const editActions = describeActions('Edit', null, {
  'edit.undo': {
    title: 'Undo the last deletion',
    icon: 'undo',
    keys: ['$mod+z'],
    needs: 'Nothing has been deleted in this window that could come back.',
  },
})
