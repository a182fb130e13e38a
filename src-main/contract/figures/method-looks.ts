import type { EnvironmentName, MethodName, Phase } from '../transfer.ts'
import type { Marker } from './figure.ts'

/** How a method is told apart everywhere: by colour, by dash and by marker. */
export interface MethodLook {
  label: string
  colour: string
  dash: number[]
  marker: Marker
}

/** Chosen together, so that no two are alike in colour, dash or marker, whatever colours a reader sees. */
export const methodLooks = {
  sqrl: { label: 'SQRL', colour: 'var(--method-sqrl)', dash: [], marker: 'circle' },
  sac: { label: 'SAC', colour: 'var(--method-sac)', dash: [7, 3], marker: 'square' },
  esac: { label: 'ESAC', colour: 'var(--method-esac)', dash: [2, 2], marker: 'diamond' },
  wcpg: { label: 'WCPG', colour: 'var(--method-wcpg)', dash: [9, 3, 2, 3], marker: 'triangle' },
  cpo: { label: 'CPO', colour: 'var(--method-cpo)', dash: [14, 4], marker: 'down' },
  rs: { label: 'RS', colour: 'var(--method-rs)', dash: [6, 3, 2, 3, 2, 3], marker: 'plus' },
} satisfies Record<MethodName, MethodLook>

export const phaseNames: Record<Phase, string> = { pretrain: 'Pre-training', finetune: 'Fine-tuning' }

export const environmentNames: Record<EnvironmentName, string> = {
  'drunk-spider': 'DrunkSpider',
  minitaur: 'Minitaur',
  'cube-rotate': 'CubeRotate',
}
