import { describeActions } from './describe.ts'

/** What can be done where the paper's figures stand beside the lab's. */
export const reproductionActions = describeActions('Paper’s figures', 'reproduction', {
  'reproduction.train': {
    title: 'Train what is missing for the paper’s figures',
    icon: 'play',
    needs: 'All runs that these figures need are there.',
  },
  'reproduction.save': { title: 'Save the reproduction’s figures and tables', icon: 'download', keys: ['e'] },
})
