import { describe, expect, it } from 'vitest'
import { transferRequest } from '../../src-main/contract/transfer.ts'
import { readStored } from '../../src-main/store/stored.ts'

describe('readStored()', () => {
  it('says in a sentence that another version wrote it, and what to do', () => {
    const request = { environment: 'walker', methods: ['sac'], seeds: [0] }
    expect(() => readStored(transferRequest, request, 'Experiment 4')).toThrow(
      expect.objectContaining({
        code: 'STORAGE',
        message: expect.stringMatching(
          /^Experiment 4 of this lab holds something .* \(environment\).* Open the lab with that version, or update this one; nothing was changed\.$/,
        ),
      }),
    )
    const known = { ...request, environment: 'minitaur' }
    expect(readStored(transferRequest, known, 'Experiment 4')).toMatchObject({ preset: 'quick' })
  })
})
