import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openPromise } from 'yauzl'
import { z } from 'zod'
import { experimentResult } from '../../../src-main/contract/comparison.ts'
import { run } from '../../../src-main/contract/runs.ts'

const cli = join(import.meta.dirname, '..', '..', '..', 'src-main', 'cli.ts')
const folder = mkdtempSync(join(tmpdir(), 'sqrl-lab-cli-'))
const lab = join(folder, 'lab')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function call(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8' })
  return { status, stdout, stderr }
}

const small = [
  ...['--set', 'sac.hiddenSizes=8,8', '--set', 'sac.randomSteps=20', '--set', 'sac.learningStarts=64'],
  ...[
    '--set',
    'sqrl.offlineSteps=100',
    '--set',
    'sqrl.safetyUpdates=20',
    '--set',
    'recording.checkpointEvery=100',
  ],
]
const transfer = [
  'transfer',
  '--environment',
  'drunk-spider',
  '--methods',
  'sqrl,sac',
  '--seeds',
  '0',
  ...small,
]

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })

describe('a command with bad input', () => {
  const cases: [string, string[], string][] = [
    [
      'an unknown environment',
      ['transfer', '--environment', 'moon', '--methods', 'sqrl', '--seeds', '0'],
      '--environment is one of drunk-spider',
    ],
    [
      'an unknown method',
      ['transfer', '--environment', 'drunk-spider', '--methods', 'ppo', '--seeds', '0'],
      '--methods is one of sqrl, sac',
    ],
    [
      'a step count of zero',
      [...transfer, '--pretrain-steps', '0'],
      '--pretrain-steps takes a whole number from 1 on, not "0"',
    ],
    [
      'a step count that is no integer',
      [...transfer, '--finetune-steps', '1.5'],
      '--finetune-steps takes a whole number',
    ],
    [
      'a setting out of range',
      [...transfer, '--set', 'sqrl.epsilonSafe=3'],
      'The setting sqrl.epsilonSafe is not valid',
    ],
    ['an unknown setting', [...transfer, '--set', 'sqrl.epsilon=1'], '--set does not know "sqrl.epsilon"'],
    ['a goal in the lava', [...transfer, '--target', 'goal=3.5,2.5'], 'The goal must lie on a free cell'],
    [
      'a request file that is not there',
      ['transfer', '--file', 'nowhere.json'],
      'nowhere.json could not be read',
    ],
    ['a missing option', ['transfer', '--environment', 'drunk-spider', '--methods', 'sqrl'], '--seeds'],
    ['a lab that is not there', ['runs'], 'There is no lab in'],
    ['an unknown command', ['dance'], "unknown command 'dance'"],
  ]

  it.each(cases)('says so in one sentence, prints nothing else and makes no lab: %s', (_, args, sentence) => {
    const nowhere = join(folder, 'nowhere')
    const { status, stdout, stderr } = call(...args, ...(args[0] === 'dance' ? [] : ['--lab', nowhere]))
    expect(stderr).toContain(sentence)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(stdout).toBe('')
    expect(status).toBe(2)
    expect(existsSync(nowhere)).toBe(false)
  })
})

describe('the main job', () => {
  let result: z.infer<typeof experimentResult>
  beforeAll(() => {
    const { status, stdout, stderr } = call(
      ...transfer,
      '--pretrain-steps',
      '300',
      '--finetune-steps',
      '150',
      '--lab',
      lab,
      '--json',
    )
    expect(status, stderr).toBe(0)
    result = experimentResult.parse(JSON.parse(stdout))
  }, 120_000)

  it('trains each method in both phases and counts what happened', () => {
    expect(result.methods.map(({ method }) => method)).toEqual(['sqrl', 'sac'])
    for (const { runs, episodes, failures, pretraining } of result.methods) {
      expect(runs.map(({ phase, steps, state }) => [phase, steps, state])).toEqual([
        ['pretrain', 300, 'finished'],
        ['finetune', 150, 'finished'],
      ])
      expect(episodes).toBeGreaterThan(0)
      expect(failures).toBeLessThanOrEqual(episodes)
      expect(pretraining.failures).toBeGreaterThan(0)
    }
  })

  it('gives the same table again from the store', () => {
    const { stdout } = call('compare', '1', '--lab', lab, '--json')
    expect(experimentResult.parse(JSON.parse(stdout))).toEqual(result)
  })

  it('lists the runs with what they were made with', () => {
    const runs = z.array(run).parse(JSON.parse(call('runs', '--lab', lab, '--json').stdout))
    expect(runs).toHaveLength(4)
    expect(runs[0]?.provenance?.engine).toContain('onnxruntime')
  })

  it('verifies each failure that it lists, and refuses one that is not there', () => {
    const failures = z
      .array(
        z.object({
          id: z.int(),
          run: z.int(),
          phase: z.string(),
          step: z.int(),
          cause: z.string(),
          length: z.int(),
          warningLead: z.int().nullable(),
        }),
      )
      .parse(JSON.parse(call('failures', '--run', '1', '--lab', lab, '--json').stdout))
    expect(failures.length).toBeGreaterThan(5)
    const verified = call('verify', String(failures[0]?.id), '--lab', lab, '--json')
    expect(JSON.parse(verified.stdout)).toMatchObject({ verified: true, frames: failures[0]?.length })
    expect(verified.status).toBe(0)
    expect(call('verify', '999999', '--lab', lab).status).toBe(2)

    const last = failures.at(-1)
    const branch = ['branch', String(last?.id), '--frame', '0', '--branches', '20', '--lab', lab]
    const counted = JSON.parse(call(...branch, '--checkpoint', '1', '--unmasked', '--json').stdout)
    expect(counted).toMatchObject({ episodeId: last?.id, branches: 20, masked: false })
    expect(counted.successes + counted.failures + counted.timeouts).toBe(20)
    expect(counted.failureRateLow).toBeLessThanOrEqual(counted.failures / 20)
    const beyond = call('branch', String(last?.id), '--frame', '999', '--checkpoint', '1', '--lab', lab)
    expect(beyond).toMatchObject({ status: 2, stdout: '' })
    expect(beyond.stderr).toContain('a branch begins at one from 0 to')
    const pushed = call(...branch, '--checkpoint', '1', '--push', '1,0,0')
    expect(pushed.status).toBe(2)
    expect(pushed.stderr).toContain('Nothing can be pushed in drunk-spider.')
    const unclear = call(...branch, '--checkpoint', '1', '--push', '1,0')
    expect(unclear.stderr).toContain('--push takes three numbers, such as 5,0,0, not "1,0".')
  })

  it('exports a run and an experiment to files', () => {
    call('export', 'run', '1', '--lab', lab, '--out', join(folder, 'run'))
    expect(readdirSync(join(folder, 'run')).sort()).toEqual([
      'metrics.csv',
      'policy.onnx',
      'run.json',
      'safety-critic.onnx',
    ])
    call('export', 'experiment', '1', '--lab', lab, '--out', join(folder, 'experiment'))
    const summary = readFileSync(join(folder, 'experiment', 'summary.csv'), 'utf8')
      .trim()
      .split('\n')
    expect(summary).toHaveLength(5)
    const [, sqrl] = result.methods.map(
      ({ method, episodes, failures }) => `${method},finetune,1,${episodes},${failures}`,
    )
    expect(summary.some((line) => line.startsWith(String(sqrl)))).toBe(true)
  })

  it('exports one checkpoint as a zip for other programs', async () => {
    const runs = JSON.parse(call('run', 'show', '1', '--lab', lab, '--json').stdout)
    const file = join(folder, 'checkpoint.zip')
    expect(
      call('export', 'checkpoint', String(runs.checkpoints[0].id), '--lab', lab, '--out', file).status,
    ).toBe(0)
    const zip = await openPromise(file)
    const names: string[] = []
    for await (const entry of zip.eachEntry()) names.push(entry.fileName)
    expect(names).toEqual([
      'README.txt',
      'checkpoint.json',
      'onnx/policy.onnx',
      'onnx/safety-critic.onnx',
      'tensorflow-js/policy/model.json',
      'tensorflow-js/policy/weights.bin',
      'tensorflow-js/safety-critic/model.json',
      'tensorflow-js/safety-critic/weights.bin',
    ])
  })

  it('keeps notes, tags and names, and deletes with a way back', () => {
    const inLab = (...args: string[]) => call(...args, '--lab', lab)
    inLab('run', 'note', '2', 'leaps at 80')
    inLab('run', 'tag', '1', '2', '--add', 'seen,odd')
    inLab('experiment', 'rename', '1', 'Goal near')
    expect(JSON.parse(inLab('run', 'show', '2', '--json').stdout)).toMatchObject({
      note: 'leaps at 80',
      tags: ['seen', 'odd'],
    })
    expect(inLab('run', 'tag', '1', '--add', 'two words').stderr).toContain('is no tag')
    const refused = inLab('run', 'delete', '1')
    expect([refused.status, refused.stderr]).toEqual([
      1,
      expect.stringContaining('is the pre-training of run 2'),
    ])
    expect(inLab('run', 'delete', '1', '--with-finetuning').status).toBe(0)
    expect(JSON.parse(inLab('runs', '--json').stdout)).toHaveLength(2)
    expect(inLab('trash').stdout).toContain('pretrain')
    expect(inLab('run', 'restore', '1', '2').status).toBe(0)
    expect(JSON.parse(inLab('runs', '--json').stdout)).toHaveLength(4)
    expect(inLab('run', 'log', '1').stdout).toMatch(/Training began from fresh networks[\s\S]*Restored/)
  }, 60_000)

  it('starts a second target from the pre-training that is there', () => {
    const again = call(
      ...transfer,
      '--pretrained',
      '1',
      '--finetune-steps',
      '100',
      '--target',
      'goal=6.5,2.5',
      '--lab',
      lab,
      '--json',
    )
    const { methods } = experimentResult.parse(JSON.parse(again.stdout))
    expect(methods.flatMap(({ runs }) => runs.map(({ phase, steps }) => [phase, steps]))).toEqual([
      ['pretrain', 300],
      ['finetune', 100],
      ['pretrain', 300],
      ['finetune', 100],
    ])
  }, 60_000)

  it('takes its request from a file, and refuses an entry that it does not know', () => {
    const file = join(folder, 'request.json')
    const request = { environment: 'drunk-spider', methods: ['sac'], seeds: [5], pretrainedRun: 3 }
    writeFileSync(file, JSON.stringify({ ...request, gravity: 9.81 }))
    const refused = call('transfer', '--file', file, '--lab', lab)
    expect(refused).toEqual({ status: 2, stdout: '', stderr: 'A transfer request has no entry "gravity".\n' })

    writeFileSync(file, JSON.stringify({ ...request, finetuneSteps: 90 }))
    const { status, stdout, stderr } = call(
      'transfer',
      '--file',
      file,
      '--seeds',
      '6',
      '--lab',
      lab,
      '--json',
    )
    expect(status, stderr).toBe(0)
    const { methods } = experimentResult.parse(JSON.parse(stdout))
    expect(methods.flatMap(({ runs }) => runs.map(({ seed, phase, steps }) => [seed, phase, steps]))).toEqual(
      [
        [0, 'pretrain', 300],
        [6, 'finetune', 90],
      ],
    )
  }, 60_000)

  it('refuses a pre-training whose Q_safe means something else', () => {
    const { status, stderr } = call(
      ...transfer,
      '--pretrained',
      '1',
      '--set',
      'sqrl.gammaSafe=0.95',
      '--lab',
      lab,
    )
    expect(stderr).toContain('Run 1 was pre-trained with another sqrl.gammaSafe')
    expect(status).toBe(2)
  })

  it('stops after a checkpoint on Ctrl-C, and goes on from there', async () => {
    const other = join(folder, 'interrupted by hand')
    const started = spawn(process.execPath, [
      cli,
      ...transfer,
      '--pretrain-steps',
      '5000',
      '--finetune-steps',
      '100',
      '--lab',
      other,
      '--workers',
      '1',
    ])
    const heard = new Promise<string>((resolve) => {
      let text = ''
      started.stderr.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
        if (text.includes('running') && !text.includes('Stopping')) started.kill('SIGINT')
      })
      started.on('exit', (code) => resolve(`${code} ${text}`))
    })
    expect(await heard).toMatch(
      /^130 [\s\S]*Go on with: npm run --silent lab -- resume 1 --lab (['"]).*interrupted by hand\1 --workers 1\n/,
    )
    const states = z
      .array(run)
      .parse(JSON.parse(call('runs', '--lab', other, '--json').stdout))
      .map(({ state }) => state)
    expect(states).toEqual(['interrupted', 'paused', 'paused', 'paused'])
  }, 60_000)

  it('refuses a lab that another process has open', async () => {
    const server = spawn(process.execPath, [cli, 'serve', '--lab', lab, '--json', '--no-open'])
    try {
      await new Promise<void>((resolve) => server.stdout.once('data', () => resolve()))
      const { status, stderr } = call('runs', '--lab', lab)
      expect(status).toBe(2)
      expect(stderr).toContain('is open in another process')
    } finally {
      const ended = new Promise((resolve) => server.once('exit', resolve))
      server.kill('SIGINT')
      await ended
    }
  }, 60_000)
})
