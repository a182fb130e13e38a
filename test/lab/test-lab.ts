import type { TransferRequest } from '../../src-main/contract/transfer.ts'
import type { PlannedRun } from '../../src-main/lab/experiments.ts'
import { type Lab, type LabOptions, openLab } from '../../src-main/lab/lab.ts'
import { specification } from '../store/fixtures.ts'
import { startScriptedWorker } from '../training/scripted.ts'

/** Per method and seed a pre-training run of 200 steps and a fine-tuning run of 100; `settings` go to the scripted workers. */
export function planTransfer(request: TransferRequest): PlannedRun[] {
  return request.methods.flatMap((method) =>
    request.seeds.flatMap((seed): PlannedRun[] => {
      const common = { method, seed, settings: scripted(request) }
      return [
        {
          key: `${method} ${seed}`,
          startsFrom: null,
          specification: specification({ ...common, steps: 200 }),
        },
        {
          key: `${method} ${seed} on target`,
          startsFrom: `${method} ${seed}`,
          specification: specification({ ...common, phase: 'finetune', steps: 100 }),
        },
      ]
    }),
  )
}

export function openTestLab(folder: string, options: Partial<LabOptions> = {}): Promise<Lab> {
  return openLab(folder, {
    slots: 2,
    startWorker: startScriptedWorker,
    planTransfer,
    ...options,
  })
}

export function transfer(changes: Partial<TransferRequest> = {}): TransferRequest {
  return { environment: 'drunk-spider', methods: ['sqrl', 'sac'], seeds: [0, 1], ...changes }
}

function scripted({ settings = {} }: TransferRequest): { [name: string]: number } {
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, Number(value)]))
}
