import { describeActions } from './describe.ts'

/** The parts of the settings, in their order. */
export const settingsParts = [
  { id: 'appearance', label: 'Appearance' },
  { id: 'notifications', label: 'Notifications' },
  { id: 'training', label: 'Training' },
  { id: 'lab', label: 'This lab' },
  { id: 'keys', label: 'Keys' },
] as const

export const settingsActionId = (part: string): string => `settings.${part}`

export const settingsActions = describeActions('Settings', 'settings', {
  ...Object.fromEntries(
    settingsParts.map(({ id, label }, index) => [
      settingsActionId(id),
      { title: `Settings: ${label.toLowerCase()}`, keys: [String(index + 1)] },
    ]),
  ),
  'settings.resetKeys': { title: 'All keys as at first', icon: 'reset', needs: 'No keys were changed.' },
})
