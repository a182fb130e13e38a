import { describe, expect, it } from 'vitest'
import { environmentSizes } from '../../src-main/environments/registry.ts'
import { Agent } from '../../src-main/lab/agent.ts'
import { AgentCache } from '../../src-main/lab/agent-cache.ts'
import { trainBriefly } from './trained.ts'

describe('AgentCache', () => {
  it('loads once, frees the least recently used, and never one in use', async () => {
    const { specification, networks } = await trainBriefly('sac', 20)
    const freed: string[] = []
    const loaded: string[] = []
    const load = (key: string) => async () => {
      loaded.push(key)
      const sizes = environmentSizes(specification.task)
      const agent = new Agent({ settings: specification.settings, networks, sizes })
      const dispose = agent.dispose.bind(agent)
      agent.dispose = async () => {
        freed.push(key)
        await dispose()
      }
      return agent
    }
    const cache = new AgentCache(2)
    const use = async (key: string) => {
      using lease = await cache.acquire(key, load(key))
      return lease.agent
    }
    const held = await cache.acquire('a', load('a'))
    expect(await use('b')).toBe(await use('b'))
    await use('c')
    await use('d')
    expect(loaded).toEqual(['a', 'b', 'c', 'd'])
    await Promise.resolve()
    expect(freed).toEqual(['b', 'c'])
    held[Symbol.dispose]()
    await use('e')
    await Promise.resolve()
    expect(freed).toEqual(['b', 'c', 'a'])
    cache.clear()
    expect(cache.size).toBe(0)
  })

  it('forgets an agent that did not load', async () => {
    const cache = new AgentCache()
    const failing = () => Promise.reject(new Error('The bytes are damaged.'))
    await expect(cache.acquire('a', failing)).rejects.toThrow('damaged')
    expect(cache.size).toBe(0)
  })
})
