import { setup } from './setup.mjs'
import { fromRoot, node24, runInForeground, runMain } from './workshop.mjs'

// Draws the figures of docs/results from the CSV and JSON files beside them.
runMain(async () => {
  await setup({ build: false })
  const { code } = await runInForeground(node24, [fromRoot('scripts', 'plots', 'drunk-spider.ts')])
  return code
})
