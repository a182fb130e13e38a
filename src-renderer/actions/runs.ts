import { describeActions } from './describe.ts'

const needs = 'Choose runs in the table first: arrow keys move, Space selects.'
const needsTraining = 'None of the chosen runs trains or waits. Choose one that does.'

/** What can be done to the selected runs, or to the one the keyboard stands on. */
export const runsActions = describeActions('Runs', 'runs', {
  'runs.pause': { title: 'Pause after a checkpoint', icon: 'pause', keys: ['p'], needs: needsTraining },
  'runs.resume': {
    title: 'Resume',
    icon: 'play',
    keys: ['r'],
    needs: 'None of the chosen runs is paused, stopped or interrupted. Choose one that is.',
  },
  'runs.stop': { title: 'Stop after a checkpoint', icon: 'stop', keys: ['s'], needs: needsTraining },
  'runs.delete': { title: 'Delete', icon: 'trash', keys: ['Delete', 'Backspace'], needs },
  'runs.compare': { title: 'Compare the selected runs', icon: 'chart', keys: ['c'], needs },
  'runs.note': { title: 'Write a note', icon: 'note', keys: ['n'], needs },
  'runs.tag': { title: 'Change the tags', icon: 'tag', keys: ['t'], needs },
  'runs.filter': {
    title: 'Filter the runs',
    icon: 'search',
    keys: ['/'],
    needs: 'This lab has no runs yet.',
  },
  'runs.showAll': { title: 'Show all runs', needs: 'No filter is set: all runs are shown.' },
  'runs.quickTransfer': { title: 'New quick transfer', icon: 'transfer' },
})
