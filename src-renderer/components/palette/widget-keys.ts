/** Keys that move inside a widget and are not anyone's to change; the cheat sheet lists them after the actions. */
export const widgetKeys: readonly {
  group: string
  lines: readonly { title: string; keys: readonly string[] }[]
}[] = [
  {
    group: 'In a table',
    lines: [
      { title: 'Row above or below', keys: ['ArrowUp', 'ArrowDown'] },
      { title: 'Select more rows', keys: ['Shift+ArrowUp', 'Shift+ArrowDown'] },
      { title: 'Select the row, or not', keys: ['Space'] },
      { title: 'Select all', keys: ['$mod+a'] },
      { title: 'Select nothing', keys: ['Escape'] },
      { title: 'Open', keys: ['Enter'] },
      { title: 'Fold and unfold a group', keys: ['ArrowLeft', 'ArrowRight'] },
    ],
  },
]
