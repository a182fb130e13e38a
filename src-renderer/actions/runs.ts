import { describeActions } from './describe.ts'

/** What can be done to the selected runs, or to the one the keyboard stands on. */
export const runsActions = describeActions('Runs', {
  'runs.pause': { title: 'Pause after a checkpoint', icon: 'pause', keys: ['p'] },
  'runs.resume': { title: 'Resume', icon: 'play', keys: ['r'] },
  'runs.stop': { title: 'Stop after a checkpoint', icon: 'stop', keys: ['s'] },
  'runs.delete': { title: 'Delete', icon: 'trash', keys: ['Delete', 'Backspace'] },
  'runs.compare': { title: 'Compare the selected runs', icon: 'chart', keys: ['c'] },
  'runs.note': { title: 'Write a note', icon: 'note', keys: ['n'] },
  'runs.tag': { title: 'Change the tags', icon: 'tag', keys: ['t'] },
  'runs.filter': { title: 'Filter the runs', icon: 'search', keys: ['/'] },
})

/** What was deleted comes back. */
export const editActions = describeActions(
  'Edit',
  { 'edit.undo': { title: 'Undo the last deletion', icon: 'undo', keys: ['$mod+z'] } },
  { everywhere: true },
)
