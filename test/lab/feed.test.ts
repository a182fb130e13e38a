import { describe, expect, it } from 'vitest'
import { Feed, watching } from '../../src-main/lab/feed.ts'

const forEver = new AbortController().signal

describe('Feed', () => {
  it('gathers what is published between two batches, equal items once', async () => {
    const feed = new Feed<number>()
    using news = feed.collect((item) => item !== 5)
    const batches = news.batches(forEver)
    for (const item of [1, 2, 1, 5]) feed.publish(item)
    expect((await batches.next()).value).toEqual([1, 2])
    const next = batches.next()
    for (const item of [3, 3, 4]) feed.publish(item)
    expect((await next).value).toEqual([3, 4])
    await batches.return(undefined)
  })

  it('collects from the moment it is asked, not from the first batch', async () => {
    const feed = new Feed<number>()
    feed.publish(1)
    using news = feed.collect()
    feed.publish(2)
    expect((await news.batches(forEver).next()).value).toEqual([2])
  })

  it('forgets watchers that left', () => {
    const feed = new Feed<number>()
    {
      using _ = feed.collect()
      expect(feed.watchers).toBe(1)
    }
    expect(feed.watchers).toBe(0)
  })
})

describe('watching()', () => {
  const watch = (feed: Feed<number>, signal?: AbortSignal) =>
    watching<number[]>([signal], async function* (ended) {
      using news = feed.collect()
      yield* news.batches(ended)
    })

  it('lets go of the feed when the reader leaves while it waits', async () => {
    const feed = new Feed<number>()
    const watcher = watch(feed)
    const waiting = watcher.next()
    expect(feed.watchers).toBe(1)
    await watcher.return()
    expect(await waiting).toEqual({ done: true, value: undefined })
    expect(feed.watchers).toBe(0)
  })

  it('lets go of the feed when its signal is given, also between two batches', async () => {
    const feed = new Feed<number>()
    const controller = new AbortController()
    const watcher = watch(feed, controller.signal)
    const first = watcher.next()
    feed.publish(1)
    await first
    const second = watcher.next()
    controller.abort()
    expect((await second).done).toBe(true)
    expect(feed.watchers).toBe(0)
  })

  it('ends where its work fails on what was closed under it, and fails where nothing was', async () => {
    const controller = new AbortController()
    const failing = () =>
      watching<number>([controller.signal], async function* () {
        await new Promise((resolve) => setImmediate(resolve))
        throw new Error('The database is closed.')
      })
    await expect(failing().next()).rejects.toThrow('The database is closed.')
    const next = failing().next()
    controller.abort()
    expect((await next).done).toBe(true)
  })

  it('ends at once where the signal was given before', async () => {
    const feed = new Feed<number>()
    const watcher = watch(feed, AbortSignal.abort())
    expect((await watcher.next()).done).toBe(true)
    expect(feed.watchers).toBe(0)
  })

  it('lets go of the feed when a loop over it breaks', async () => {
    const feed = new Feed<number>()
    const watcher = watch(feed)
    setImmediate(() => feed.publish(1))
    for await (const batch of watcher) {
      expect(batch).toEqual([1])
      break
    }
    expect(feed.watchers).toBe(0)
  })
})
