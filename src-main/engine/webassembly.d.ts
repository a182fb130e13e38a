// The part of the standard WebAssembly interface that kernels.ts uses; Node's types leave it to the DOM library, which this side does not load.
declare namespace WebAssembly {
  class Memory {
    constructor(descriptor: { initial: number; maximum?: number })
    readonly buffer: ArrayBuffer
  }
  interface Exports {
    [name: string]: unknown
  }
  interface Instance {
    readonly exports: Exports
  }
  function instantiate(
    bytes: Uint8Array,
    imports: Record<string, Record<string, unknown>>,
  ): Promise<{ instance: Instance }>
}
