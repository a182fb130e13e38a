import type { Layer } from './compiled/perceptron-model.ts'

/** A model as TensorFlow.js loads it: model.json names weights.bin beside it. */
export interface LayersModelFiles {
  'model.json': string
  'weights.bin': Uint8Array
}

interface KerasLayer {
  class_name: string
  name: string
  config: { name: string; [setting: string]: unknown }
  inbound_nodes: [string, number, number, Record<string, never>][][]
}

interface Weight {
  name: string
  shape: number[]
  values: Float32Array
}

/** Gathers layers and their weights in the order in which `tf.loadLayersModel` reads them. */
class LayersModel {
  readonly #layers: KerasLayer[] = []
  readonly #weights: Weight[] = []

  input(name: string, size: number): string {
    return this.#add('InputLayer', name, [], {
      batch_input_shape: [null, size],
      dtype: 'float32',
      sparse: false,
    })
  }

  dense(name: string, from: string, layer: Layer, activation: 'linear' | 'relu' | 'sigmoid'): string {
    const { inputs, outputs, weight, bias } = layer
    this.#weights.push({ name: `${name}/kernel`, shape: [inputs, outputs], values: weight })
    this.#weights.push({ name: `${name}/bias`, shape: [outputs], values: bias })
    return this.#add('Dense', name, [from], { units: outputs, activation, use_bias: true })
  }

  /** Every layer but the last with ReLU; the last is for the caller to add. */
  hidden(from: string, layers: readonly Layer[]): string {
    return layers.reduce((x, layer, index) => this.dense(`hidden${index}`, x, layer, 'relu'), from)
  }

  concatenate(name: string, from: string[]): string {
    return this.#add('Concatenate', name, from, { axis: -1 })
  }

  tanh(name: string, from: string): string {
    return this.#add('Activation', name, [from], { activation: 'tanh' })
  }

  reluUpTo(name: string, from: string, maximum: number): string {
    return this.#add('ReLU', name, [from], { max_value: maximum })
  }

  files(name: string, inputs: string[], outputs: string[]): LayersModelFiles {
    const places = (names: string[]) => names.map((layer) => [layer, 0, 0])
    const config = {
      name,
      layers: this.#layers,
      input_layers: places(inputs),
      output_layers: places(outputs),
    }
    const specifications = this.#weights.map((weight) => ({
      name: weight.name,
      shape: weight.shape,
      dtype: 'float32',
    }))
    const document = {
      format: 'layers-model',
      generatedBy: 'SQRL Lab',
      convertedBy: null,
      modelTopology: {
        class_name: 'Model',
        config,
        keras_version: 'tfjs-layers 4.22.0',
        backend: 'tensor_flow.js',
      },
      weightsManifest: [{ paths: ['weights.bin'], weights: specifications }],
    }
    return {
      'model.json': `${JSON.stringify(document, null, 2)}\n`,
      'weights.bin': joinFloats(this.#weights.map(({ values }) => values)),
    }
  }

  #add(className: string, name: string, from: string[], settings: Record<string, unknown>): string {
    this.#layers.push({
      class_name: className,
      name,
      config: { name, trainable: true, ...settings },
      inbound_nodes: from.length === 0 ? [] : [from.map((layer) => [layer, 0, 0, {}])],
    })
    return name
  }
}

/** The same network as `policyModel`: input `observation`; outputs `action`, `mean` and `log_deviation`. */
export function policyLayersModel(
  layers: readonly Layer[],
  actionSize: number,
  [low, high]: readonly [number, number],
): LayersModelFiles {
  const model = new LayersModel()
  const head = lastOf(layers)
  const observation = model.input('observation', layers[0]?.inputs ?? 0)
  const hidden = model.hidden(observation, layers.slice(0, -1))
  const mean = model.dense('mean', hidden, columnsOf(head, 0, actionSize), 'linear')
  const action = model.tanh('action', mean)
  // There is no clip layer: what lies `low` higher is cut at 0 and at the top, and shifted back.
  const deviationHead = columnsOf(head, actionSize, 2 * actionSize)
  const shifted = model.dense('log_deviation_shifted', hidden, shift(deviationHead, -low), 'linear')
  const clipped = model.reluUpTo('log_deviation_clipped', shifted, high - low)
  const logDeviation = model.dense('log_deviation', clipped, shift(identity(actionSize), low), 'linear')
  return model.files('policy', [observation], [action, mean, logDeviation])
}

/** The same network as `safetyCriticModel`: inputs `observation` and `action`; output `q_safe`. */
export function safetyCriticLayersModel(layers: readonly Layer[], observationSize: number): LayersModelFiles {
  const model = new LayersModel()
  const observation = model.input('observation', observationSize)
  const action = model.input('action', (layers[0]?.inputs ?? 0) - observationSize)
  const both = model.concatenate('observation_and_action', [observation, action])
  const hidden = model.hidden(both, layers.slice(0, -1))
  const qSafe = model.dense('q_safe', hidden, lastOf(layers), 'sigmoid')
  return model.files('safety_critic', [observation, action], [qSafe])
}

function lastOf(layers: readonly Layer[]): Layer {
  const last = layers.at(-1)
  if (last === undefined) throw new Error('A network has at least one layer.')
  return last
}

function columnsOf({ inputs, outputs, weight, bias }: Layer, from: number, to: number): Layer {
  const width = to - from
  const columns = new Float32Array(inputs * width)
  for (let row = 0; row < inputs; row++)
    columns.set(weight.subarray(row * outputs + from, row * outputs + to), row * width)
  return { inputs, outputs: width, weight: columns, bias: bias.slice(from, to) }
}

const shift = (layer: Layer, by: number): Layer => ({ ...layer, bias: layer.bias.map((value) => value + by) })

function identity(size: number): Layer {
  const weight = Float32Array.from({ length: size * size }, (_, index) => (index % (size + 1) === 0 ? 1 : 0))
  return { inputs: size, outputs: size, weight, bias: new Float32Array(size) }
}

/** Little-endian, as the format wants it, on any machine. */
function joinFloats(parts: readonly Float32Array[]): Uint8Array {
  const count = parts.reduce((sum, { length }) => sum + length, 0)
  const view = new DataView(new ArrayBuffer(4 * count))
  let offset = 0
  for (const part of parts) {
    for (const value of part) {
      view.setFloat32(offset, value, true)
      offset += 4
    }
  }
  return new Uint8Array(view.buffer)
}
