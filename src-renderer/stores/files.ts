import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type {
  EpisodeReference,
  FileProgress,
  ReportRequest,
  ReproductionQuery,
} from '../../src-main/contract/index.ts'
import { api, toSentence } from '../api.ts'
import { experimentPath } from '../palette/things.ts'
import { keptLink } from '../replay/references.ts'
import { formatBytes } from '../text/numbers.ts'
import { useToastsStore } from './toasts.ts'

/** A backup, an export or an import under way. */
export interface FileJob {
  readonly id: number
  readonly title: string
  /** 0 to 1; null while nothing is known yet, such as while a dialog of the system is open. */
  readonly share: number | null
  readonly cancel: () => void
}

/** What leaves the lab as a file or comes in as one, with how far it is. */
export const useFilesStore = defineStore('files', () => {
  const jobs = shallowRef<readonly FileJob[]>([])
  const toasts = useToastsStore()
  /** Where the last import can be looked at; the frame goes there when asked. */
  const imported = shallowRef<{ path: string } | null>(null)
  let nextId = 1

  const backUp = () =>
    run('Backing up the lab', 'The lab was not backed up', (signal) =>
      api.files.backUp(undefined, { signal }),
    )

  const exportExperiment = (id: number, name: string) =>
    run(`Exporting “${name}”`, `“${name}” was not exported`, (signal) =>
      api.files.exportExperiment({ id }, { signal }),
    )

  const exportEpisode = (reference: EpisodeReference, name: string) =>
    run(`Writing ${name.toLowerCase()}`, `${name} was not written`, (signal) =>
      api.files.exportEpisode(reference, { signal }),
    )

  const exportReport = (request: ReportRequest) =>
    run('Writing the report', 'The report was not written', (signal) =>
      api.files.exportReport(request, { signal }),
    )

  const exportReproduction = (query: ReproductionQuery) =>
    run('Gathering figures and tables', 'The reproduction was not saved', (signal) =>
      api.files.exportReproduction(query, { signal }),
    )

  /** With a ticket, what was sent or handed over; without, the user is asked. */
  const importExperiment = (ticket: string | null) =>
    run('Importing', 'The file was not imported', (signal) =>
      api.files.importExperiment({ ticket }, { signal }),
    )

  /** Sends a file to the lab and imports it, in a browser. */
  async function sendAndImport(file: File): Promise<void> {
    const job = begin(`Sending ${file.name}`)
    try {
      const ticket = await send(file, job.signal, (share) => update(job.id, share))
      end(job.id)
      await importExperiment(ticket)
    } catch (cause) {
      end(job.id)
      if (!job.signal.aborted)
        toasts.show({
          text: `${file.name} was not sent: ${cause instanceof Error ? cause.message : ''}`,
          seconds: null,
        })
    }
  }

  function refuse(name: string): void {
    toasts.show({ text: `${name} is no archive of this app: those end in .sqrlx.` })
  }

  async function run(
    title: string,
    failure: string,
    open: (signal: AbortSignal) => Promise<AsyncIterable<FileProgress>>,
  ): Promise<void> {
    const job = begin(title)
    try {
      for await (const progress of await open(job.signal)) {
        if (progress.type === 'progress') update(job.id, progress.share)
        else finish(progress)
      }
    } catch (cause) {
      if (job.signal.aborted) toasts.show({ text: 'Cancelled. Nothing was left behind.' })
      else toasts.show({ text: `${failure}: ${toSentence(cause)}`, seconds: null })
    }
    end(job.id)
  }

  function finish(progress: FileProgress): void {
    if (progress.type === 'written') {
      if (progress.ticket !== null) download(progress.ticket, progress.name)
      toasts.show({ text: `${progress.name}, ${formatBytes(progress.bytes)}, was written and read back.` })
    }
    if (progress.type === 'imported') offer(progress.experiment.name, experimentPath(progress.experiment.id))
    if (progress.type === 'importedEpisode') offer(progress.episode.name, keptLink(progress.episode.id))
  }

  function offer(name: string, path: string): void {
    const show = () => {
      imported.value = { path }
    }
    toasts.show({ text: `“${name}” was imported.`, action: { label: 'Show it', run: show } })
  }

  function begin(title: string): { id: number; signal: AbortSignal } {
    const control = new AbortController()
    const id = nextId++
    jobs.value = [...jobs.value, { id, title, share: null, cancel: () => control.abort() }]
    return { id, signal: control.signal }
  }

  function update(id: number, share: number): void {
    jobs.value = jobs.value.map((job) => (job.id === id ? { ...job, share } : job))
  }

  function end(id: number): void {
    jobs.value = jobs.value.filter((job) => job.id !== id)
  }

  return {
    jobs,
    imported,
    backUp,
    exportExperiment,
    exportEpisode,
    exportReport,
    exportReproduction,
    importExperiment,
    sendAndImport,
    refuse,
  }
})

/** The browser asks the user where to, or puts it where it puts everything. */
function download(ticket: string, name: string): void {
  const link = document.createElement('a')
  link.href = `/files/${ticket}`
  link.download = name
  link.click()
}

/** XMLHttpRequest, because fetch does not tell how much has been sent. */
function send(file: File, signal: AbortSignal, onProgress: (share: number) => void): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', '/files')
    request.responseType = 'json'
    request.upload.addEventListener('progress', ({ loaded }) => onProgress(loaded / Math.max(1, file.size)))
    request.addEventListener('load', () => {
      const answer: unknown = request.response
      const field = (name: string) => {
        const value = typeof answer === 'object' && answer !== null ? Reflect.get(answer, name) : null
        return typeof value === 'string' ? value : null
      }
      const ticket = field('ticket')
      if (request.status === 200 && ticket !== null) resolve(ticket)
      else reject(new Error(field('message') ?? 'the lab did not take it.'))
    })
    request.addEventListener('error', () => reject(new Error('the connection was lost.')))
    request.addEventListener('abort', () => reject(new Error('cancelled.')))
    signal.addEventListener('abort', () => request.abort())
    request.send(file)
  })
}
