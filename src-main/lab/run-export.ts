import { perceptronShapes } from '../algorithms/networks.ts'
import { LOG_DEVIATION_BOUNDS } from '../algorithms/squashed-gaussian.ts'
import { readFloats } from '../algorithms/state.ts'
import { evaluationContext } from '../algorithms/wcpg.ts'
import type { MetricHistory } from '../contract/metrics.ts'
import type { RunSpecification } from '../contract/transfer.ts'
import { type Layer, policyModel, safetyCriticModel } from '../engine/compiled/perceptron-model.ts'
import { policyLayersModel, safetyCriticLayersModel } from '../engine/layers-model.ts'
import { environmentSizes } from '../environments/registry.ts'
import type { ArrayBundle, EvaluationEpisode } from '../training/messages.ts'
import { networkSettingsOf } from './network-settings.ts'

/** File names and contents of an exported run. */
export type ExportedFiles = Record<string, Uint8Array | string>

/** The networks of a checkpoint as ONNX; the safety critic only where the method has one. */
export function exportNetworks(specification: RunSpecification, networks: ArrayBundle): ExportedFiles {
  const { policy, safetyCritic, observationSize, actionSize } = readNetworks(specification, networks)
  const files: ExportedFiles = { 'policy.onnx': policyModel(policy, actionSize, LOG_DEVIATION_BOUNDS) }
  if (safetyCritic !== null) files['safety-critic.onnx'] = safetyCriticModel(safetyCritic, observationSize)
  return files
}

/** The same networks as TensorFlow.js loads them, each in a folder of its own. */
export function exportLayersModels(specification: RunSpecification, networks: ArrayBundle): ExportedFiles {
  const { policy, safetyCritic, observationSize, actionSize } = readNetworks(specification, networks)
  const inFolder = (folder: string, files: object): ExportedFiles =>
    Object.fromEntries(Object.entries(files).map(([name, content]) => [`${folder}/${name}`, content]))
  return {
    ...inFolder('policy', policyLayersModel(policy, actionSize, LOG_DEVIATION_BOUNDS)),
    ...(safetyCritic === null
      ? {}
      : inFolder('safety-critic', safetyCriticLayersModel(safetyCritic, observationSize))),
  }
}

function readNetworks({ task, settings }: RunSpecification, networks: ArrayBundle) {
  const { observationSize, actionSize } = environmentSizes(task)
  const { hiddenSizes } = networkSettingsOf(settings)
  const context = evaluationContext(settings)
  const hasCritic = 'safetyCritic' in networks.arrays
  return {
    observationSize,
    actionSize,
    policy: layersOf(networks, 'policy', observationSize + context.length, hiddenSizes, 2 * actionSize),
    safetyCritic: hasCritic
      ? layersOf(networks, 'safetyCritic', observationSize + actionSize, hiddenSizes, 1)
      : null,
  }
}

/** Weights lie in a group one after the other, each weight before its bias. */
function layersOf(
  networks: ArrayBundle,
  group: string,
  inputSize: number,
  hiddenSizes: readonly number[],
  outputSize: number,
): Layer[] {
  const flat = readFloats(networks, group)
  let offset = 0
  const take = (length: number) => {
    offset += length
    return flat.subarray(offset - length, offset)
  }
  return perceptronShapes('', inputSize, hiddenSizes, outputSize).flatMap(
    ({ shape: [inputs = 0, outputs] }) =>
      outputs === undefined ? [] : [{ inputs, outputs, weight: take(inputs * outputs), bias: take(outputs) }],
  )
}

/** The episodes that measured a run while it learnt, a row for each. */
export function evaluationsCsv(episodes: readonly EvaluationEpisode[]): string {
  const rows = episodes.map(({ step, seed, outcome, length, finalQSafe, return: total, cause }) =>
    [step, seed, outcome, length, total, finalQSafe ?? '', cause === null ? '' : JSON.stringify(cause)].join(
      ',',
    ),
  )
  return `step,seed,outcome,length,return,finalQSafe,cause\n${rows.join('\n')}\n`
}

/** Every metric of a run, a row per step and a column per metric; empty where one was not measured. */
export function metricsCsv(history: MetricHistory): string {
  const names = Object.keys(history).sort()
  const steps = [...new Set(names.flatMap((name) => history[name]?.steps ?? []))].sort((a, b) => a - b)
  const columns = names.map((name) => {
    const { steps: at = [], values = [] } = history[name] ?? {}
    return new Map(at.map((step, index) => [step, values[index]]))
  })
  const rows = steps.map((step) => [step, ...columns.map((column) => column.get(step) ?? '')].join(','))
  return `${['step', ...names].join(',')}\n${rows.join('\n')}\n`
}
