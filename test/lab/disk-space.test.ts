import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  checkDiskSpace,
  estimateBytes,
  nearestFolder,
  RESERVED_BYTES,
} from '../../src-main/lab/disk-space.ts'
import { planTransfer } from '../../src-main/lab/transfer.ts'

const plan = planTransfer({ environment: 'drunk-spider', methods: ['sqrl'], seeds: [0, 1], preset: 'study' })

describe('checkDiskSpace()', () => {
  it('refuses a plan that does not fit, with what it needs and what there is', () => {
    expect(() => checkDiskSpace('/somewhere', plan, () => 2 ** 26)).toThrow(
      /needs about 0\.\d+ GiB, and 0\.06 GiB are free for \/somewhere/,
    )
  })

  it('lets a plan pass that just fits', () => {
    expect(() => checkDiskSpace('/somewhere', plan, () => estimateBytes(plan) + RESERVED_BYTES)).not.toThrow()
  })

  it('asks the disk of a folder that does not exist yet', () => {
    expect(nearestFolder(join(tmpdir(), 'not', 'there', 'yet'))).toBe(tmpdir())
  })
})
