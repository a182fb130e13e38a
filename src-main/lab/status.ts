import { basename } from 'node:path'
import packageJson from '../../package.json' with { type: 'json' }
import type { LabStatus } from '../contract/lab.ts'
import { isActive } from '../store/runs.ts'
import type { LabContext } from './context.ts'
import { estimate } from './estimate.ts'
import { watching } from './feed.ts'

export function statusCases({ store, supervisor, changedStatus, closing }: LabContext) {
  const status = (): LabStatus => {
    const unfinished = store.runs
      .listUnfinished()
      .filter((run) => supervisor.concerns(run))
      .map((run) => supervisor.overlay(run))
    const { slots } = supervisor
    const { fileBytes, logBytes } = store.sizes.files()
    return {
      name: basename(store.folder),
      version: packageJson.version,
      slots,
      running: unfinished.filter(({ state }) => isActive(state)).length,
      queued: unfinished.filter(({ state }) => state === 'queued').length,
      ...estimate(unfinished, slots),
      databaseBytes: fileBytes + logBytes,
    }
  }

  return {
    status,
    /** Holds until it is changed again. Gives the status as it is then: runs that are too many leave after a checkpoint. */
    setSlots(slots: number): LabStatus {
      store.transaction(() => store.labSettings.set({ slots }))
      supervisor.setSlots(slots)
      changedStatus.publish('changed')
      return status()
    },
    /** The status now, and again when it is another. */
    watchStatus: (signal?: AbortSignal) =>
      watching<LabStatus>([signal, closing], async function* (ended) {
        using changes = changedStatus.collect()
        let last = status()
        yield last
        for await (const _ of changes.batches(ended)) {
          const now = status()
          if (JSON.stringify(now) === JSON.stringify(last)) continue
          last = now
          yield now
        }
      }),
  }
}
