import { spawnSync } from 'node:child_process'
import { Command } from 'commander'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type TransferRequest, transferRequest } from '../../src-main/contract/transfer.ts'
import { targetDescriptions } from '../../src-main/lab/presets/registry.ts'
import { checkTransfer } from '../../src-main/lab/transfer.ts'
import { transferCommand } from '../../src-main/lab/transfer-command.ts'
import { readTransferRequest, transferOptions } from '../../src-main/shells/cli/transfer-options.ts'

/** A value, or several of them. */
const sweepable = <T extends number | string | boolean | number[]>(value: fc.Arbitrary<T>) =>
  fc.oneof(value, fc.record({ each: fc.array(value, { minLength: 1, maxLength: 4 }) }))

const range = fc
  .tuple(fc.double({ min: 1e-9, max: 0.4, noNaN: true }), fc.double({ min: 0.5, max: 1, noNaN: true }))
  .map(([from, to]): [number, number] => [from, to])
const drawn = fc.oneof(fc.record({ uniform: range }), fc.record({ logUniform: range }))

const valid = fc
  .record(
    {
      name: fc
        .string({ minLength: 1, maxLength: 40 })
        .filter((text) => text.trim() !== '' && !text.includes('\0')),
      environment: fc.constant('drunk-spider' as const),
      methods: fc.uniqueArray(fc.constantFrom('sqrl' as const, 'sac' as const), { minLength: 1 }),
      seeds: fc.uniqueArray(fc.integer({ min: 0, max: 2 ** 31 - 1 }), { minLength: 1, maxLength: 5 }),
      preset: fc.constantFrom('quick' as const, 'study' as const, 'paper' as const),
      finetuneSteps: fc.integer({ min: 1, max: 1e7 }),
      pretrainSteps: fc.integer({ min: 1, max: 1e7 }),
      pretrained: fc.integer({ min: 1, max: 1e6 }),
      pretrainTask: fc.record(
        {
          noise: fc.oneof(sweepable(fc.double({ min: 0, max: 10, noNaN: true })), drawn),
          map: fc.oneof(fc.constant(['...', '.#.', '...']), fc.constant({ each: [['...', '.#.'], ['.#.']] })),
        },
        { requiredKeys: [] },
      ),
      targetTask: fc.record(
        {
          goal: sweepable(
            fc.tuple(fc.double({ min: 0, max: 2.9, noNaN: true }), fc.constant(0.5)).map((pair) => [...pair]),
          ),
          noiseKind: sweepable(fc.constantFrom('uniform', 'gaussian')),
          episodeLength: fc.integer({ min: 1, max: 1000 }),
        },
        { requiredKeys: [] },
      ),
      settings: fc.record(
        {
          'sqrl.epsilonSafe': fc.oneof(sweepable(fc.double({ min: 0, max: 1, noNaN: true })), drawn),
          'finetune.sqrl.mask': sweepable(fc.boolean()),
          'sac.hiddenSizes': sweepable(
            fc.array(fc.integer({ min: 1, max: 64 }), { minLength: 1, maxLength: 3 }),
          ),
          'sac.targetEntropy': fc.double({ min: -9, max: -0.1, noNaN: true }),
          'sqrl.safetyLoss': fc.constantFrom('squared', 'crossEntropy'),
        },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: ['environment', 'methods', 'seeds'] },
  )
  .filter((request) => !Object.values(request.pretrainTask ?? {}).some((value) => Object.is(value, -0)))
  .chain((request) => {
    const isDrawn = /"(u|logU)niform":/.test(JSON.stringify(request))
    const draws = fc.record({ count: fc.integer({ min: 1, max: 500 }), seed: fc.nat(99) })
    return isDrawn ? draws.map((drawing) => ({ ...request, draws: drawing })) : fc.constant(request)
  })

/** The words that a shell makes of the command, behind `npm run --silent lab --`. */
function wordsOf(command: string): string[] {
  const { stdout } = spawnSync('sh', ['-c', `printf '%s\\0' ${command}`], { encoding: 'utf8' })
  return stdout.split('\0').slice(5, -1)
}

async function parseBack(command: string): Promise<{ request: TransferRequest; lab: string }> {
  let parsed: { request: TransferRequest; lab: string } | null = null
  const program = new Command()
  transferOptions(program.command('transfer').option('--lab <folder>')).action(
    async ({ lab, ...options }) => {
      parsed = { request: await readTransferRequest(options), lab }
    },
  )
  await program.parseAsync(wordsOf(command), { from: 'user' })
  if (parsed === null) throw new Error(`The command was not understood: ${command}`)
  return parsed
}

describe.skipIf(process.platform === 'win32')('transferCommand()', () => {
  it('is understood by a shell and the command line as the same request', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(valid, fc.constantFrom('my lab', "it's", '/tmp/$HOME;rm'), async (input, folder) => {
        const request = transferRequest.parse(input)
        const back = await parseBack(transferCommand(request, folder, 'linux'))
        expect(back.lab).toBe(folder)
        expect(transferRequest.parse(back.request)).toEqual(request)
      }),
      { numRuns: 100 },
    )
  })

  it('names the run or checkpoint that is started from', () => {
    const request = transferRequest.parse({
      environment: 'drunk-spider',
      methods: ['sqrl'],
      seeds: [3],
      checkpoint: 7,
    })
    expect(transferCommand(request, 'lab', 'linux')).toBe(
      'npm run --silent lab -- transfer --environment drunk-spider --methods sqrl --seeds 3 --preset quick --checkpoint 7 --lab lab',
    )
  })

  it('quotes for Windows with double quotes', () => {
    const request = transferRequest.parse({ environment: 'drunk-spider', methods: ['sac'], seeds: [0] })
    expect(transferCommand(request, 'C:\\My Labs', 'win32')).toMatch(/--lab "C:\\My Labs"$/)
  })
})

describe('--target NAME', () => {
  const read = (...words: string[]) => {
    const command = transferOptions(new Command('transfer').exitOverride())
    command.parse(['--methods', 'sqrl', '--seeds', '0', ...words], { from: 'user' })
    return readTransferRequest(command.opts())
  }

  it.each(targetDescriptions())(
    'is $name of $environment written out',
    async ({ environment, name, targetTask }) => {
      const request = await read('--environment', environment, '--target', name)
      expect(request.targetTask).toEqual(targetTask)
      const { pretrain, finetune } = checkTransfer(request, () => null).tasks
      expect(finetune?.parameters).toEqual({ ...pretrain?.parameters, ...targetTask })
      expect(finetune).not.toEqual(pretrain)
    },
  )

  it('gives way to a parameter that is written out, and is refused where the environment has none of that name', async () => {
    const both = await read(
      '--environment',
      'minitaur',
      '--target',
      'goalVelocity=0.5',
      '--target',
      'friction',
    )
    expect(both.targetTask).toMatchObject({ goalVelocity: 0.5, footFriction: [1.25, 1.25] })
    await expect(read('--environment', 'cube-rotate', '--target', 'friction')).rejects.toThrow(
      '--target takes name=value or one of eighth-turn, not "friction".',
    )
  })
})
