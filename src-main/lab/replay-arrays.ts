import { type PackableArray, packArrays } from '../contract/packed-arrays.ts'
import type { ReplayArrays } from '../contract/replays.ts'

export function packReplay({ forces, ...arrays }: ReplayArrays): Uint8Array<ArrayBuffer> {
  return packArrays({ ...arrays, ...forces } satisfies Record<string, PackableArray>)
}
