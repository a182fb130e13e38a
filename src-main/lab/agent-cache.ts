import type { Agent } from './agent.ts'

interface Entry {
  agent: Promise<Agent>
  users: number
}

export interface Lease extends Disposable {
  readonly agent: Agent
}

/** Keeps the agents that were used last, so that going to and fro between checkpoints does not compile them anew; frees the others. */
export class AgentCache {
  readonly #capacity: number
  /** Least recently used first. */
  readonly #entries = new Map<string, Entry>()

  constructor(capacity = 6) {
    this.#capacity = capacity
  }

  /** The agent under this key, loaded if need be; it stays until the lease ends. */
  async acquire(key: string, load: () => Promise<Agent>): Promise<Lease> {
    const entry = this.#entries.get(key) ?? { agent: load(), users: 0 }
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    entry.users++
    const release = () => {
      entry.users--
      this.#freeIdle(this.#capacity)
    }
    try {
      const agent = await entry.agent
      return { agent, [Symbol.dispose]: release }
    } catch (error) {
      if (this.#entries.get(key) === entry) this.#entries.delete(key)
      throw error
    }
  }

  get size(): number {
    return this.#entries.size
  }

  clear(): void {
    this.#freeIdle(0)
  }

  #freeIdle(capacity: number): void {
    for (const [key, entry] of this.#entries) {
      if (this.#entries.size <= capacity) return
      if (entry.users > 0) continue
      this.#entries.delete(key)
      void entry.agent.then((agent) => agent.dispose())
    }
  }
}
