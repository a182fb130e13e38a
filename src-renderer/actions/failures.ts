import { describeActions } from './describe.ts'

/** N and P mean the next and the previous failure here and in a replay alike. */
export const failureActions = describeActions('Failures', {
  'failures.next': { title: 'Next failure', keys: ['n'], repeats: true },
  'failures.previous': { title: 'Previous failure', keys: ['p'], repeats: true },
  'failures.open': { title: 'Open the replay', icon: 'play', keys: ['Enter'] },
  'failures.showOnCurve': { title: 'Show its place on the learning curve', icon: 'chart', keys: ['c'] },
  'failures.search': { title: 'Search the causes', icon: 'search', keys: ['/'] },
  'failures.clear': { title: 'Clear the conditions', icon: 'close' },
})
