import type { ParentPort } from 'electron'
import type { Desk } from '../../api/desk.ts'
import { LabError } from '../../lab/errors.ts'
import type { FromLabProcess, Question, ToLabProcess } from './messages.ts'

/** The desk in the lab's process: dialogs are the main process's, so every question goes there. */
export function createLabDesk(parentPort: Pick<ParentPort, 'on' | 'postMessage'>): Desk {
  const waiting = new Map<number, (path: string | null) => void>()
  const handedOver = new Map<string, string>()
  let nextRequest = 1

  parentPort.on('message', ({ data }) => {
    const message: ToLabProcess = data
    if (message.type === 'hand-over') handedOver.set(message.ticket, message.file)
    if (message.type !== 'answer') return
    waiting.get(message.request)?.(message.path)
    waiting.delete(message.request)
  })

  const ask = (question: Question) =>
    new Promise<string | null>((resolve) => {
      const request = nextRequest++
      waiting.set(request, resolve)
      const message: FromLabProcess = { type: 'ask', request, question }
      parentPort.postMessage(message)
    })

  return {
    kind: 'window',
    async chooseTarget(kind, name) {
      const file = await ask({ about: 'target', kind, name })
      return file === null ? null : { file, finish: () => null }
    },
    async chooseSource(ticket) {
      const given = ticket === null ? undefined : handedOver.get(ticket)
      if (ticket !== null && given === undefined)
        throw new LabError('NOT_FOUND', 'The file that was opened is not known any more. Open it again.')
      const file = given ?? (await ask({ about: 'source' }))
      // The user's own file stays where it is.
      return file === null ? null : { file, release: () => {} }
    },
    openLab: async (how) => (await ask({ about: 'lab', how })) !== null,
  }
}
