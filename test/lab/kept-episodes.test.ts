import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { freshEpisode, judgementRequest } from '../../src-main/contract/index.ts'
import { decodeEpisodeFile, encodeEpisodeFile } from '../../src-main/lab/episode-file.ts'
import { type Lab, openLab } from '../../src-main/lab/lab.ts'
import { temporaryFolder } from '../store/fixtures.ts'
import { trainBriefly } from './trained.ts'
import { openTrainedLab } from './trained-lab.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let folder: ReturnType<typeof temporaryFolder>
let lab: Lab
let other: Lab
let episodeId: number
let file: string

beforeAll(async () => {
  folder = temporaryFolder()
  lab = await openTrainedLab(join(folder.path, 'lab'), [await trainBriefly('sqrl', 400)])
  other = await openLab(join(folder.path, 'other'), { train: false })
  const { failures } = lab.failures.list({ fromStep: 250 })
  episodeId = failures.toSorted((one, next) => next.length - one.length)[0]?.id ?? 0
  lab.marks.add({ episodeId, frame: 1, label: 'Look here' })
  lab.marks.add({ episodeId, frame: 1, lastFrame: 2, label: 'strays' })
  file = join(folder.path, 'episode.sqrlx')
  await lab.keptEpisodes.export({ episodeId }, file)
})
afterAll(async () => {
  await lab.close()
  await other.close()
  folder[Symbol.dispose]()
})

describe('the file of one episode', () => {
  it('is small, told from an experiment, and shows in another lab what it showed in its own', async () => {
    expect(readFileSync(file).byteLength).toBeLessThan(200_000)
    expect(await other.keptEpisodes.isEpisode(file)).toBe(true)
    const { id, name } = await other.keptEpisodes.import(file)
    expect(name).toBe(`Episode ${episodeId} of trained, run 1`)
    const [own, foreign] = [await lab.replays.get({ episodeId }), await other.replays.get({ keptId: id })]
    expect(foreign.arrays).toEqual(own.arrays)
    const { id: _, ...facts } = own.episode
    expect(foreign).toMatchObject({
      episode: { ...facts, id: null },
      specification: own.specification,
      epsilonSafe: own.epsilonSafe,
      scene: own.scene,
      run: null,
      checkpointId: null,
      marks: [
        { frame: 1, lastFrame: null, label: 'Look here' },
        { frame: 1, lastFrame: 2, label: 'strays' },
      ],
    })
    expect(await other.replays.verify({ keptId: id })).toMatchObject({ verified: true, episodeId: null })
  })

  it('is the same episode when it comes again, and leaves as the bytes it came with', async () => {
    const { id } = await other.keptEpisodes.import(file)
    const again = join(folder.path, 'again.sqrlx')
    await other.keptEpisodes.export({ keptId: id }, again)
    expect(readFileSync(again)).toEqual(readFileSync(file))
    expect((await other.keptEpisodes.import(again)).id).toBe(id)
    expect(other.keptEpisodes.list()).toHaveLength(1)
    await expect(other.keptEpisodes.export({ keptId: id }, again)).rejects.toThrow('There is a file')
  })

  it('finds its checkpoint where the lab has it, and can then be branched and judged', async () => {
    const { id } = await lab.keptEpisodes.import(file)
    const replay = await lab.replays.get({ keptId: id })
    expect(replay).toMatchObject({ run: { id: 1 }, taskOfRunId: 1, checkpointId: 1 })
    const conditions = { checkpointId: 1, masked: true, actions: 'sampled' as const, seeds: [0] }
    const [kept, recorded] = await Promise.all(
      [{ keptId: id }, { episodeId }].map(async (reference) => {
        const request = { ...reference, ...conditions, frame: 1, noise: 'seeded' as const }
        for await (const { simulated } of lab.replays.branch(request)) return simulated
      }),
    )
    expect(kept).toEqual(recorded)
    const judged = await lab.replays.judge(judgementRequest.parse({ keptId: id, checkpointId: 1 }))
    expect(judged).toEqual(await lab.replays.judge(judgementRequest.parse({ episodeId, checkpointId: 1 })))
    lab.keptEpisodes.remove(id)
    await expect(lab.replays.get({ keptId: id })).rejects.toThrow(`There is no kept episode ${id}`)
    expect(() => lab.keptEpisodes.remove(id)).toThrow('may have been removed')
  })

  it('can be of an episode that a checkpoint plays anew', async () => {
    const reference = { fresh: freshEpisode.parse({ checkpointId: 1, masked: true, seed: 5 }) }
    const path = join(folder.path, await lab.keptEpisodes.fileName(reference))
    await lab.keptEpisodes.export(reference, path)
    const { id } = await other.keptEpisodes.import(path)
    const shared = await other.replays.get({ keptId: id })
    expect(shared.arrays).toEqual((await lab.replays.get(reference)).arrays)
  })

  it('is refused or equal, whatever is done to its bytes', async () => {
    const bytes = readFileSync(file)
    const whole = await decodeEpisodeFile(bytes, 'a.sqrlx')
    const change = fc.oneof(
      fc.record({ at: fc.nat(bytes.length - 1), to: fc.nat(255) }).map(({ at, to }) => {
        const changed = Uint8Array.from(bytes)
        changed[at] = to
        return changed
      }),
      fc.nat(bytes.length).map((end) => bytes.subarray(0, end)),
      fc.uint8Array({ minLength: 1, maxLength: 40 }).map((more) => Buffer.concat([bytes, more])),
    )
    await fc.assert(
      fc.asyncProperty(change, async (changed) => {
        const read = await decodeEpisodeFile(changed, 'a.sqrlx').catch((error: unknown) => error)
        if (read instanceof Error) expect(read.message).toMatch(/^a\.sqrlx .*\. Nothing was changed\.$/)
        else expect(read).toEqual(whole)
      }),
      { numRuns: 150 },
    )
  })

  it('is refused where its parts do not fit each other, though its checksum does', async () => {
    const whole = await decodeEpisodeFile(readFileSync(file), 'a.sqrlx')
    const { frames } = whole
    const spoilt = [
      { ...whole, frames: { ...frames, states: frames.states.slice(1) } },
      { ...whole, frames: { ...frames, chosen: new Int32Array(0) } },
      { ...whole, marks: [{ frame: 10_000, lastFrame: null, label: 'beyond' }] },
      { ...whole, episode: { ...whole.episode, length: whole.episode.length + 1 } },
      {
        ...whole,
        specification: {
          ...whole.specification,
          task: { ...whole.specification.task, parameters: { gravity: 9 } },
        },
      },
    ]
    for (const one of spoilt) {
      const path = join(folder.path, 'spoilt.sqrlx')
      writeFileSync(path, encodeEpisodeFile(one))
      await expect(other.keptEpisodes.import(path)).rejects.toThrow('Nothing was changed.')
    }
  })
})
