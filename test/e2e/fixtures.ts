import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test as base } from '@playwright/test'
import { type App, type Shell, startShell } from './app.ts'
import { runLab } from './programs.ts'

interface Fixtures {
  /** True: the app opens a lab in which a short transfer is done; false: a folder that is not there yet. */
  startsTrained: boolean
  labFolder: string
  app: App
}

interface WorkerFixtures {
  /** What the trained lab is trained with: the environment, then options of the command. */
  transfer: string
  /** Trained once; each test opens a copy. */
  trainedLab: string
  shell: Shell
}

/** Enough steps for episodes, failures, losses and checkpoints, in a few seconds. */
const shortTransfer = 'drunk-spider --methods sqrl,sac --seeds 0 --pretrain-steps 1200 --finetune-steps 600'

export const test = base.extend<Fixtures, WorkerFixtures>({
  startsTrained: [false, { option: true }],

  transfer: [shortTransfer, { option: true, scope: 'worker' }],

  trainedLab: [
    async ({ transfer }, use) => {
      await using folder = await temporaryFolder()
      const lab = path.join(folder.path, 'lab')
      const command = ['transfer', '--lab', lab, '--name', 'Short transfer', '--environment']
      await runLab([...command, ...transfer.split(' ')])
      await use(lab)
    },
    { scope: 'worker', timeout: 600_000 },
  ],

  shell: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of what a fixture needs.
    async ({}, use) => {
      const shell = await startShell()
      await use(shell)
      await shell.close()
    },
    { scope: 'worker' },
  ],

  labFolder: async ({ startsTrained, trainedLab }, use) => {
    await using folder = await temporaryFolder()
    const lab = path.join(folder.path, 'my first lab')
    if (startsTrained) await cp(trainedLab, lab, { recursive: true })
    await use(lab)
  },

  app: async ({ shell, labFolder, viewport, colorScheme }, use) => {
    const app = await shell.open(labFolder, { viewport, colorScheme: colorScheme ?? null })
    const complaints: string[] = []
    app.page.on('pageerror', (error) => complaints.push(error.message))
    app.page.on('console', (message) => {
      if (message.type() === 'error' && message.text().includes('Content Security Policy'))
        complaints.push(message.text())
    })
    await use(app)
    await app.close()
    if (complaints.length > 0) throw new Error(`The page complained: ${complaints.join('\n')}`)
  },

  page: async ({ app }, use) => {
    await use(app.page)
  },
})

export { expect } from '@playwright/test'

async function temporaryFolder() {
  const folder = await mkdtemp(path.join(tmpdir(), 'sqrl-lab-e2e-'))
  return { path: folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
}
