import { setup } from './setup.mjs'
import { fromRoot, node24, root, runInForeground, runMain } from './workshop.mjs'

runMain(async () => {
  await setup()
  const cli = fromRoot('node_modules', 'electron-builder', 'cli.js')
  const args = ['--config', 'electron-builder.yml', '--publish', 'never', ...process.argv.slice(2)]
  const { code } = await runInForeground(node24, [cli, ...args], { cwd: root })
  return code
})
