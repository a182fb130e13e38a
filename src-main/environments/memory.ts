/** One array of doubles with a view of each block: a state is taken by copying it and put back by overwriting it. */
export class Memory<Block extends string> {
  readonly all: Float64Array
  readonly blocks: Readonly<Record<Block, Float64Array>>

  /** @param sizes of the blocks, in their order. */
  constructor(sizes: Readonly<Record<Block, number>>) {
    const entries = Object.entries<number>(sizes)
    this.all = new Float64Array(entries.reduce((sum, [, size]) => sum + size, 0))
    let offset = 0
    this.blocks = Object.fromEntries(
      entries.map(([name, size]) => {
        const block = this.all.subarray(offset, offset + size)
        offset += size
        return [name, block]
      }),
    ) as Record<Block, Float64Array>
  }
}
