import { randomUUID } from 'node:crypto'
import { existsSync, readdirSync, rmSync, statfsSync, statSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { type Experiment, transferRequest } from '../contract/transfer.ts'
import type { CopyOptions } from '../store/backup.ts'
import { toLabError } from '../store/errors.ts'
import { openStaging } from '../store/staging.ts'
import { archiveBytes, gatherRuns, writeArchive } from './archive/export.ts'
import { archiveExtension } from './archive/format.ts'
import { stageArchive } from './archive/import.ts'
import { type OpenArchive, openArchive } from './archive/read.ts'
import type { LabContext } from './context.ts'
import { LabError } from './errors.ts'

/** Where imports are put together, inside the lab's folder; a killed one leaves its file, which goes when the lab opens. */
const stagingPrefix = 'import-'
const stagingSuffix = '.partial'

/** Writing is the longer part of an export, reading back the rest. */
const writingShare = 0.7

export function archiveCases({ store, changedRuns, changedExperiments, closing }: LabContext) {
  const getExperiment = (id: number): Experiment => {
    const experiment = store.experiments.get(id)
    if (experiment === null) throw new LabError('NOT_FOUND', `There is no experiment ${id}.`)
    return experiment
  }

  return {
    /** Writes an experiment to one file, and reads it back before the file gets its name. */
    async export(
      id: number,
      file: string,
      { onProgress, signal }: CopyOptions = {},
    ): Promise<{ bytes: number }> {
      const target = resolve(file)
      const partial = `${target}.partial`
      const experiment = getExperiment(id)
      if (existsSync(target))
        throw new LabError(
          'CONFLICT',
          `There is a file ${target} already. Choose another name, or move it away.`,
        )
      const before = fingerprint(id)
      const expected = archiveBytes(store, id)
      let written = 0
      try {
        rmSync(partial, { force: true })
        await writeArchive(store, experiment, partial, (bytes) => {
          checkSignals(signal)
          written += bytes
          onProgress?.(writingShare * Math.min(1, written / expected))
        })
        if (fingerprint(id) !== before)
          throw new LabError(
            'CONFLICT',
            'A run of the experiment was resumed while it was exported. Try again.',
          )
        await readBack(partial, (share) => {
          checkSignals(signal)
          onProgress?.(writingShare + (1 - writingShare) * share)
        })
        await rename(partial, target)
        return { bytes: statSync(target).size }
      } catch (error) {
        rmSync(partial, { force: true })
        throw toLabError(error, dirname(target))
      }
    },

    /** Takes an experiment from an archive into the lab, the whole of it or nothing. */
    async import(file: string, { onProgress, signal }: CopyOptions = {}): Promise<Experiment> {
      await using archive = await openArchive(resolve(file))
      refuseTwin(archive)
      refuseWithoutSpace(archive)
      using staging = await openStaging(join(store.folder, `${stagingPrefix}${randomUUID()}${stagingSuffix}`))
      await stageArchive(archive, staging, {
        onProgress: (share) => onProgress?.(share),
        check: () => checkSignals(signal),
      })
      staging.finish()
      const { name, createdAt, request, note } = archive.manifest.experiment
      try {
        // Once more: another window may have imported the same while this one was read.
        refuseTwin(archive)
        const id = store.archiveRows.takeStaged(
          staging.file,
          () => store.experiments.insert({ name, createdAt, request, note }).id,
        )
        for (const { runId } of store.archiveRows.lineageOf(id)) changedRuns.publish(runId)
        changedExperiments.publish('changed')
        return getExperiment(id)
      } catch (error) {
        throw toLabError(error, store.folder)
      }
    },
  }

  function checkSignals(signal: AbortSignal | undefined): void {
    if (signal?.aborted || closing.aborted)
      throw new LabError('CONFLICT', 'It was cancelled. Nothing was changed.')
  }

  /** Changes when anything was recorded for a run of the experiment. */
  function fingerprint(id: number): string {
    return JSON.stringify(gatherRuns(store, id).map(({ run }) => [run.state, run.step, run.episodes]))
  }

  function refuseTwin({ manifest: { experiment } }: OpenArchive): void {
    const request = JSON.stringify(transferRequest.parse(experiment.request))
    const twin = store.archiveRows
      .twinsOf(experiment.createdAt)
      .find((other) => JSON.stringify(transferRequest.parse(JSON.parse(other.request))) === request)
    if (twin === undefined) return
    throw new LabError(
      'CONFLICT',
      twin.deletedAt === null
        ? `This lab has “${experiment.name}” already: it is experiment ${twin.id}. Nothing was changed.`
        : `This lab has “${experiment.name}” in its trash, as experiment ${twin.id}. Restore it there, or empty the trash and import again.`,
    )
  }

  function refuseWithoutSpace({ bytes }: OpenArchive): void {
    const { bavail, bsize } = statfsSync(store.folder)
    // Staged and then copied.
    if (bavail * bsize > 2 * bytes) return
    throw new LabError(
      'STORAGE',
      `The archive needs about ${(2 * bytes) / 1e9} GB in ${store.folder}. Free some space; nothing was changed.`,
    )
  }
}

/** Such as `SQRL and SAC on lava.sqrlx`; signs that some system does not take in a name are left out. */
export function archiveName(name: string): string {
  const plain = name
    .replaceAll(/[^\p{Letter}\p{Number} ().,_-]+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .replace(/^[.\s]+/, '')
    .trim()
    .slice(0, 80)
  return `${plain === '' ? 'experiment' : plain}${archiveExtension}`
}

/** Reads every part of an archive and checks it against the manifest. */
async function readBack(file: string, onProgress: (share: number) => void): Promise<void> {
  await using archive = await openArchive(file)
  let done = 0
  for (const { name } of archive.manifest.entries) {
    for await (const chunk of archive.read(name)) {
      done += chunk.byteLength
      onProgress(done / Math.max(1, archive.bytes))
    }
  }
}

/** What a killed import has left in the lab's folder. */
export function removeLeftovers(folder: string): void {
  for (const name of readdirSync(folder))
    if (name.startsWith(stagingPrefix) && name.endsWith(stagingSuffix))
      rmSync(join(folder, name), { force: true })
}
