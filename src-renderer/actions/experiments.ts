import { describeActions } from './describe.ts'

export const experimentsActions = describeActions('Experiments', 'experiments', {
  'experiments.filter': { title: 'Filter the experiments', icon: 'search', keys: ['/'] },
})

/** What can be done to the one experiment that is open. */
export const experimentActions = describeActions('Experiment', 'experiment', {
  'experiment.compare': { title: 'Compare its runs', icon: 'compare', keys: ['c'] },
  'experiment.failures': { title: 'Browse its failures', icon: 'failure', keys: ['f'] },
  'experiment.clone': { title: 'Set up a transfer like this one', icon: 'transfer' },
  'experiment.export': { title: 'Export this experiment', icon: 'download', keys: ['e'] },
  'experiment.report': {
    title: 'Save an HTML report of this experiment',
    icon: 'download',
    keys: ['Shift+E'],
  },
  'experiment.rename': { title: 'Rename this experiment', icon: 'note', keys: ['F2'] },
  'experiment.delete': { title: 'Delete this experiment', icon: 'trash', keys: ['Delete'] },
})
