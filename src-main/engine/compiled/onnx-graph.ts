import { type ElementType, elementType, ModelProto } from './onnx-schema.ts'

/** A value in the graph under construction. A dimension that is a string is free and carries that name. */
export interface GraphValue {
  name: string
  shape: readonly number[]
  type: ElementType
  /** Operator that made it; null for inputs and constants. */
  producer: string | null
  /** What a reshaped value was before, so that reshaping it back costs nothing. */
  reshapedFrom?: GraphValue
  /** Of a value that is a sum of products left * transpose(right) and nothing more, so that some of its columns can be had without the others. */
  products?: readonly { left: GraphValue; right: GraphValue }[]
}

interface GraphNode {
  opType: string
  name: string
  input: string[]
  output: string[]
  attribute: object[]
}

export type AttributeValue = number | readonly number[]
type Dimension = number | string

interface Declared {
  name: string
  shape: readonly Dimension[]
  documentation: string
}

const ATTRIBUTE_FLOAT = 1
const ATTRIBUTE_INT = 2
const ATTRIBUTE_INTS = 7
/** Attributes that ONNX declares as floats although their value may be a whole number. */
const FLOAT_ATTRIBUTES = new Set(['alpha', 'beta'])

/** Collects nodes in order and writes them as an ONNX model (opset 17, IR version 8). */
export class OnnxGraph {
  readonly #name: string
  readonly #nodes: GraphNode[] = []
  readonly #initializers: { name: string; [field: string]: unknown }[] = []
  readonly #inputs: Declared[] = []
  readonly #outputs: Declared[] = []
  readonly #constants = new Map<string, GraphValue>()
  #count = 0

  constructor(name: string) {
    this.#name = name
  }

  /** Declares an input; `declaredShape` may name free dimensions where `shape` has the traced number. */
  input(
    name: string,
    shape: readonly number[],
    declaredShape: readonly Dimension[] = shape,
    documentation = '',
  ): GraphValue {
    this.#inputs.push({ name, shape: declaredShape, documentation })
    return { name, shape, type: 'float32', producer: null }
  }

  constant(
    values: Float32Array | BigInt64Array | Int32Array | Uint8Array,
    shape: readonly number[],
    type: ElementType,
  ): GraphValue {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
    const key = bytes.length <= 64 ? `${type}:${shape}:${bytes}` : null
    const known = key === null ? undefined : this.#constants.get(key)
    if (known) return known
    const value: GraphValue = { name: `constant${this.#count++}`, shape, type, producer: null }
    this.#initializers.push({
      name: value.name,
      dims: shape,
      dataType: elementType[type],
      rawData: bytes.slice(),
    })
    if (key !== null) this.#constants.set(key, value)
    return value
  }

  integers(values: readonly number[]): GraphValue {
    return this.constant(BigInt64Array.from(values, BigInt), [values.length], 'int64')
  }

  scalar(value: number): GraphValue {
    return this.constant(Float32Array.of(value), [], 'float32')
  }

  filled(value: number, shape: readonly number[]): GraphValue {
    return this.constant(new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(value), shape, 'float32')
  }

  node(
    operator: string,
    inputs: readonly GraphValue[],
    shape: readonly number[],
    options: { type?: ElementType; attributes?: Readonly<Record<string, AttributeValue>> } = {},
  ): GraphValue {
    return this.nodes(operator, inputs, [shape], options)[0] as GraphValue
  }

  nodes(
    operator: string,
    inputs: readonly GraphValue[],
    shapes: readonly (readonly number[])[],
    {
      type = 'float32',
      attributes = {},
    }: { type?: ElementType; attributes?: Readonly<Record<string, AttributeValue>> } = {},
  ): GraphValue[] {
    const outputs = shapes.map((shape) => ({
      name: `value${this.#count++}`,
      shape,
      type,
      producer: operator,
    }))
    this.#nodes.push({
      opType: operator,
      name: `node${this.#nodes.length}`,
      input: inputs.map((value) => value.name),
      output: outputs.map((value) => value.name),
      attribute: Object.entries(attributes).map(([name, value]) => attributeProto(name, value)),
    })
    return outputs
  }

  reshape(value: GraphValue, shape: readonly number[]): GraphValue {
    const source = value.reshapedFrom ?? value
    if (sameShape(source.shape, shape)) return source
    return {
      ...this.node('Reshape', [source, this.integers(shape)], shape, { type: source.type }),
      reshapedFrom: source,
    }
  }

  output(
    name: string,
    value: GraphValue,
    declaredShape: readonly Dimension[] = value.shape,
    documentation = '',
  ): void {
    this.#nodes.push({
      opType: 'Identity',
      name: `output ${name}`,
      input: [value.name],
      output: [name],
      attribute: [],
    })
    this.#outputs.push({ name, shape: declaredShape, documentation })
  }

  /** Adds a named parameter with its value, for models that carry their weights. */
  initializer(name: string, values: Float32Array, shape: readonly number[]): GraphValue {
    this.#initializers.push({
      name,
      dims: shape,
      dataType: elementType.float32,
      rawData: new Uint8Array(values.buffer, values.byteOffset, values.byteLength).slice(),
    })
    return { name, shape, type: 'float32', producer: null }
  }

  /** Nodes that some output depends on. Tracing leaves others behind, such as gradients that nobody asked for. */
  #liveNodes(): GraphNode[] {
    const needed = new Set(this.#outputs.map(({ name }) => name))
    return this.#nodes
      .toReversed()
      .filter((node) => {
        if (!node.output.some((name) => needed.has(name))) return false
        for (const name of node.input) needed.add(name)
        return true
      })
      .toReversed()
  }

  serialize(documentation = ''): Uint8Array {
    const nodes = this.#liveNodes()
    const used = new Set(nodes.flatMap((node) => node.input))
    return ModelProto.encode(
      ModelProto.fromObject({
        irVersion: 8,
        producerName: 'SQRL Lab',
        docString: documentation,
        opsetImport: [{ domain: '', version: 17 }],
        graph: {
          name: this.#name,
          node: nodes,
          initializer: this.#initializers.filter(({ name }) => used.has(name)),
          input: this.#inputs.map(valueInfo),
          output: this.#outputs.map(valueInfo),
        },
      }),
    ).finish()
  }
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis])
}

function attributeProto(name: string, value: AttributeValue): object {
  if (typeof value !== 'number') return { name, type: ATTRIBUTE_INTS, ints: value }
  return FLOAT_ATTRIBUTES.has(name)
    ? { name, type: ATTRIBUTE_FLOAT, f: value }
    : { name, type: ATTRIBUTE_INT, i: value }
}

function valueInfo({ name, shape, documentation }: Declared): object {
  const dim = shape.map((size) => (typeof size === 'number' ? { dimValue: size } : { dimParam: size }))
  return {
    name,
    docString: documentation,
    type: { tensorType: { elemType: elementType.float32, shape: { dim } } },
  }
}
