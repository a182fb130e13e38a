import { setup } from './setup.mjs'
import { fromRoot, node24, runInForeground, runMain, sayOnStderr } from './workshop.mjs'

runMain(async () => {
  await setup({ build: false, say: sayOnStderr })
  const script = fromRoot('test', 'bench', 'update-rate.ts')
  const { code } = await runInForeground(node24, [script, ...process.argv.slice(2)])
  return code
})
