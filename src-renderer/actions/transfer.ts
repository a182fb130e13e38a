import { steps } from '../transfer/steps.ts'
import { describeActions } from './describe.ts'

export const stepActionId = (step: string): string => `transfer.step.${step}`

const needsValid = 'Some entries need attention; the list of steps says where.'

export const transferActions = describeActions('New transfer', 'transfer', {
  'transfer.next': { title: 'Next step', keys: [']'], needs: 'This is the last step.' },
  'transfer.previous': { title: 'Step before', keys: ['['], needs: 'This is the first step.' },
  ...Object.fromEntries(
    steps.map(({ step, title }, index) => [
      stepActionId(step),
      { title: `Step: ${title.toLowerCase()}`, keys: [String(index + 1)] },
    ]),
  ),
  'transfer.dryRun': {
    title: 'Measure the pace on this machine',
    needs: `The dry run waits for a request that can be started. ${needsValid}`,
  },
  'transfer.start': {
    title: 'Start the transfer',
    icon: 'play',
    keys: ['$mod+Enter'],
    inFields: true,
    needs: 'A transfer is started from its last step, the review, when no entry needs attention.',
  },
  'transfer.discard': { title: 'Discard the draft', icon: 'trash', needs: 'There is no draft yet.' },
})
