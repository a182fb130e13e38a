import { setup } from './setup.mjs'
import { fromRoot, node24, runInForeground, runMain, sayOnStderr } from './workshop.mjs'

runMain(async () => {
  const args = process.argv.slice(2)
  // Standard output belongs to the lab, so that `--json` gives one document and nothing else. Only `serve` needs the built pages.
  await setup({ build: args.includes('serve'), say: sayOnStderr })
  const { code } = await runInForeground(node24, [fromRoot('src-main', 'cli.ts'), ...args])
  return code
})
