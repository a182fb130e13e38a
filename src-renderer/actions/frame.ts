import { describeActions } from './describe.ts'

/** What can be done wherever one is. */
export const frameActions = describeActions(
  'Everywhere',
  {
    'palette.open': { title: 'Command palette', icon: 'search', keys: ['$mod+k'], inFields: true },
    'keys.show': { title: 'Show the keys', icon: 'keyboard', keys: ['[Shift]+?'] },
    'lab.backUp': { title: 'Back up the lab…', icon: 'download' },
    'lab.open': { title: 'Open another lab…' },
    'lab.create': { title: 'New lab…' },
    'lab.restore': { title: 'Open a lab from a backup…' },
    'archive.import': { title: 'Import an experiment…', icon: 'upload' },
    'archive.export': { title: 'Export an experiment…', icon: 'download' },
    'theme.system': { title: 'Theme: as the system', icon: 'system' },
    'theme.light': { title: 'Theme: light', icon: 'light' },
    'theme.dark': { title: 'Theme: dark', icon: 'dark' },
    'history.back': { title: 'Back to the view before', icon: 'back', keys: ['Alt+ArrowLeft'] },
  },
  { everywhere: true },
)
