import { describeActions } from './describe.ts'

const needsTraining = 'This run neither trains nor waits.'

/** What can be done to the one run that is open. */
export const runActions = describeActions('Run', 'run', {
  'run.pause': { title: 'Pause this run', icon: 'pause', keys: ['p'], needs: needsTraining },
  'run.resume': {
    title: 'Resume this run',
    icon: 'play',
    keys: ['r'],
    needs: 'This run is neither paused, stopped nor interrupted.',
  },
  'run.stop': { title: 'Stop this run', icon: 'stop', keys: ['s'], needs: needsTraining },
  'run.extend': { title: 'Extend this run by more steps', icon: 'extend', keys: ['e'] },
  'run.clone': { title: 'Set up a transfer like this run', icon: 'transfer' },
  'run.compare': { title: 'Compare this run with others', icon: 'compare', keys: ['c'] },
  'run.replayFailures': { title: 'Browse the failures of this run', icon: 'failure' },
  'run.follow': {
    title: 'Follow its failures as they happen',
    icon: 'failure',
    keys: ['f'],
    needs: 'No failure of this run has frames yet.',
  },
  'run.watch': {
    title: 'Watch fresh episodes of the newest checkpoint',
    icon: 'play',
    keys: ['w'],
    needs: 'This run has no checkpoint yet.',
  },
  'run.delete': { title: 'Delete this run', icon: 'trash', keys: ['Delete'] },
  'run.openPretraining': {
    title: 'Open the run it started from',
    needs: 'This run started from nothing: it is a pre-training run.',
  },
  'run.showAll': { title: 'Show all steps', needs: 'The curves are not zoomed in.' },
  'run.showFailures': { title: 'List its failures', keys: ['1'] },
  'run.showAround': { title: 'List the episodes around a step', keys: ['2'] },
  'run.showSettings': { title: 'List its settings', keys: ['3'] },
  'run.showCheckpoints': { title: 'List its checkpoints', keys: ['4'] },
  'run.showLog': { title: 'Read its log', keys: ['5'] },
  'run.showNotes': { title: 'Read its notes and tags', icon: 'note', keys: ['6'] },
  'run.showOrigin': { title: 'Show where it comes from', keys: ['7'] },
})
