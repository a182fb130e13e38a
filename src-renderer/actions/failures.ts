import { describeActions } from './describe.ts'

const needs = 'Choose a failure first: with the arrow keys, or with N and P.'

/** N and P mean the next and the previous failure here and in a replay alike. */
export const failureActions = describeActions('Failures', 'failures', {
  'failures.next': { title: 'Next failure', keys: ['n'], repeats: true },
  'failures.previous': { title: 'Previous failure', keys: ['p'], repeats: true },
  'failures.open': { title: 'Open the replay', icon: 'play', keys: ['Enter'], needs },
  'failures.showOnCurve': {
    title: 'Show its place on the learning curve',
    icon: 'chart',
    keys: ['c'],
    needs,
  },
  'failures.search': {
    title: 'Search the causes',
    icon: 'search',
    keys: ['/'],
    needs: 'No episode has failed here so far.',
  },
  'failures.clear': {
    title: 'Clear the conditions',
    icon: 'close',
    needs: 'No condition is set: all failures are shown.',
  },
})
