import { describeActions } from './describe.ts'

const needs = 'Choose runs or experiments in the list of this view first.'

export const compareActions = describeActions('Compare', 'compare', {
  'compare.curves': { title: 'Show the curves', icon: 'chart', keys: ['1'] },
  'compare.safety': { title: 'Show return against failures', keys: ['2'] },
  'compare.statistics': { title: 'Show the statistics', keys: ['3'] },
  'compare.settings': { title: 'Show the settings that differ', keys: ['4'] },
  'compare.calibration': { title: 'Show the calibration of the critics', keys: ['5'] },
  'compare.phases': { title: 'Show both phases', keys: ['6'] },
  'compare.profiles': { title: 'Show profiles over all tasks', keys: ['7'] },
  'compare.fineTuning': { title: 'Take the fine-tuning runs' },
  'compare.preTraining': { title: 'Take the pre-training runs' },
  'compare.allPhases': { title: 'Take the runs of both phases' },
  'compare.groupBySettings': { title: 'Group by everything but the seed' },
  'compare.groupByMethod': { title: 'Group by method' },
  'compare.groupByRun': { title: 'Each run by itself' },
  'compare.overSteps': { title: 'Curves over steps' },
  'compare.overEpisodes': { title: 'Curves over episodes' },
  'compare.overSeconds': { title: 'Curves over the time trained' },
  'compare.overFailures': { title: 'Curves over the failures so far' },
  'compare.average': { title: 'Mean or interquartile mean' },
  'compare.singleRuns': { title: 'Single runs on or off' },
  'compare.longerRuns': { title: 'Longer runs on or off' },
  'compare.showAll': { title: 'Show all of the curves', keys: ['0'], needs: 'The curves are not zoomed in.' },
  'compare.saveAs': { title: 'Save this comparison under a name', keys: ['$mod+s'], needs },
  'compare.saveChanges': {
    title: 'Save the changes of this comparison',
    needs: 'There is nothing to save: open a saved comparison and change it first.',
  },
  'compare.rename': { title: 'Rename this comparison', needs: 'Open or save a comparison first.' },
  'compare.delete': {
    title: 'Delete this saved comparison',
    icon: 'trash',
    needs: 'Open a saved comparison first.',
  },
  'compare.report': { title: 'Save an HTML report of these runs', icon: 'download', needs },
  'compare.clear': { title: 'Choose nothing', icon: 'close', needs: 'Nothing is chosen yet.' },
})
