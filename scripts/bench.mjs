import { setup } from './setup.mjs'
import { fromRoot, node24, runInForeground, runMain, sayOnStderr } from './workshop.mjs'

runMain(async () => {
  const [first, ...rest] = process.argv.slice(2)
  const isApp = first === 'app'
  // The app's figures need its built pages.
  await setup({ build: isApp, say: sayOnStderr })
  const parts = { app: ['app', 'app.ts'], steps: ['step-time.ts'], resets: ['resets.ts'] }
  const named = parts[first]
  const script = fromRoot('test', 'bench', ...(named ?? ['update-rate.ts']))
  const { code } = await runInForeground(node24, [script, ...(named ? rest : process.argv.slice(2))])
  return code
})
