import { MessageChannel } from 'node:worker_threads'
import { createORPCClient } from '@orpc/client'
import { RPCLink as PortLink } from '@orpc/client/message-port'
import { RPCLink as SocketLink } from '@orpc/client/websocket'
import type { ContractRouterClient } from '@orpc/contract'
import { createRouterClient } from '@orpc/server'
import { RPCHandler } from '@orpc/server/message-port'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { createRouter } from '../../src-main/api/router.ts'
import {
  type Contract,
  type SimulationProgress,
  unpackArrays,
  wireSerializers,
} from '../../src-main/contract/index.ts'
import type { Lab } from '../../src-main/lab/lab.ts'
import { startServer } from '../../src-main/shells/http/server.ts'
import { trainBriefly } from '../lab/trained.ts'
import { openTrainedLab } from '../lab/trained-lab.ts'
import { temporaryFolder } from '../store/fixtures.ts'

type Client = ContractRouterClient<Contract>

let folder: ReturnType<typeof temporaryFolder>
let lab: Lab
beforeAll(async () => {
  folder = temporaryFolder()
  lab = await openTrainedLab(folder.path, [await trainBriefly('sqrl', 300)])
})
afterAll(async () => {
  await lab.close()
  folder[Symbol.dispose]()
})

async function connectSocket(): Promise<{ client: Client; close: () => Promise<void> }> {
  const server = await startServer(lab, { staticFolder: folder.path })
  const url = new URL(server.url)
  const origin = `http://127.0.0.1:${url.port}`
  const cookie = `sqrl-lab-${url.port}=${url.searchParams.get('token')}`
  const websocket = new WebSocket(`ws://127.0.0.1:${url.port}/rpc`, { headers: { origin, cookie } })
  websocket.binaryType = 'arraybuffer'
  await new Promise((resolve, reject) => websocket.once('open', resolve).once('error', reject))
  // The two libraries' types of a socket differ in their events alone.
  const link = new SocketLink({ websocket: websocket as never, customJsonSerializers: wireSerializers })
  return { client: createORPCClient(link), close: () => server.close() }
}

function connectPort(): { client: Client; close: () => Promise<void> } {
  const { port1, port2 } = new MessageChannel()
  new RPCHandler(createRouter(lab), { customJsonSerializers: wireSerializers }).upgrade(port1)
  port1.start()
  port2.start()
  const link = new PortLink({ port: port2, customJsonSerializers: wireSerializers })
  return { client: createORPCClient(link), close: async () => port1.close() }
}

describe.each([
  ['a WebSocket', connectSocket],
  ['a message port', connectPort],
])('packed arrays over %s', (_, connect) => {
  it('arrive whole, in answers and in streams', async () => {
    const { client, close } = await connect()
    const direct = createRouterClient(createRouter(lab))
    const { failures } = await client.failures.list({})
    const episodeId = failures[0]?.id ?? 0
    const [sent, received] = [
      await direct.replays.get({ episodeId }),
      await client.replays.get({ episodeId }),
    ]
    expect(received).toEqual(sent)
    expect(unpackArrays(received.arrays)).toHaveProperty('poses')

    const request = { episodeId, frame: 0, checkpointId: 1, masked: true, seeds: [0, 1, 2] }
    const collect = async (from: Pick<Client, 'replays'>): Promise<SimulationProgress[]> => {
      const all: SimulationProgress[] = []
      for await (const progress of await from.replays.branch(request)) all.push(progress)
      return all
    }
    const [sentAll, receivedAll] = [await collect(direct), await collect(client)]
    expect(receivedAll).toEqual(sentAll)
    expect(receivedAll).toHaveLength(3)
    await close()
  })

  it('bring the lab’s sentences with them when a stream fails', async () => {
    const { client, close } = await connect()
    const { failures } = await client.failures.list({ limit: 1 })
    const stream = client.replays.branch({
      episodeId: failures[0]?.id ?? 0,
      frame: 0,
      checkpointId: 99,
      masked: true,
      seeds: [0],
    })
    await expect(stream).rejects.toMatchObject({ code: 'NOT_FOUND', message: 'There is no checkpoint 99.' })
    await close()
  })
})

describe('wireSerializers', () => {
  it('give any bytes back', () => {
    const [serializer] = wireSerializers
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70_000 }), (bytes) => {
        expect(serializer?.deserialize(serializer.serialize(bytes))).toEqual(Uint8Array.from(bytes))
      }),
      { numRuns: 30 },
    )
  })
})
