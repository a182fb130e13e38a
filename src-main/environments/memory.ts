/** One array of doubles with a view of each block: a state is taken by copying it and put back by overwriting it. */
export class Memory<Block extends string> {
  readonly all: Float64Array
  readonly blocks: Readonly<Record<Block, Float64Array>>

  readonly #entries: [string, number][]

  /** @param sizes of the blocks, in their order. */
  constructor(sizes: Readonly<Record<Block, number>>) {
    const entries = Object.entries<number>(sizes)
    this.all = new Float64Array(entries.reduce((sum, [, size]) => sum + size, 0))
    this.#entries = entries
    this.blocks = this.blocksOf(this.all)
  }

  /** Views of the same blocks of a state that was taken. */
  blocksOf(state: Float64Array): Readonly<Record<Block, Float64Array>> {
    let offset = 0
    return Object.fromEntries(
      this.#entries.map(([name, size]) => {
        const block = state.subarray(offset, offset + size)
        offset += size
        return [name, block]
      }),
    ) as Record<Block, Float64Array>
  }
}
