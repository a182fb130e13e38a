import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** Picks places of lists of the length asked for, each as likely as any other. The same seed picks the same. */
export function picker(seed: number): (count: number) => number {
  const generator = xoroshiro128plus(seed)
  return (count) => Math.floor(((generator.next() >>> 0) / 2 ** 32) * count)
}
