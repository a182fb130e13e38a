import * as tf from '@tensorflow/tfjs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compiledEngine } from '../../src-main/engine/compiled/compiled-engine.ts'
import { traceKernels } from '../../src-main/engine/compiled/trace-kernels.ts'
import { createParameterGroup, parameterView } from '../../src-main/engine/parameters.ts'
import { createStreams } from '../../src-main/random.ts'
import { type KernelExample, kernelCases, undifferentiatedCases } from './kernel-cases.ts'

/** Against TensorFlow.js's own arithmetic in plain JavaScript: it shares nothing with ONNX Runtime but the names of the kernels. */
const REFERENCE = 'cpu'
/** Relative to the largest number of an array, or to 1 where all are smaller. */
const TOLERANCE = 2e-5

interface Result {
  value: number[]
  gradients: number[][]
}

/** Halves meet the borders (0, ties, the bounds of a clip) that continuous numbers miss. */
const draw = fc.record({ seed: fc.nat(2 ** 30), inHalves: fc.boolean() })

tf.env().set('IS_NODE', false) // or the reference advises another package on stderr

const kernelsMet = new Set<string>()

describe('traced kernels', () => {
  for (const [name, examples] of Object.entries(kernelCases))
    it(`give ${name} and its gradient as TensorFlow.js does`, () => expectAgreement(examples, true))

  for (const [name, examples] of Object.entries(undifferentiatedCases))
    it(`give ${name} as TensorFlow.js does`, () => expectAgreement(examples, false))

  it('are all met by these cases', () => {
    expect(Object.keys(traceKernels).filter((name) => !kernelsMet.has(name))).toEqual([])
  })

  it('name themselves where one is missing', async () => {
    const group = createParameterGroup('group', [{ name: 'x', shape: [3] }], { trainable: false })
    const program = compiledEngine.compile({
      name: 'cumsum',
      groups: { group },
      inputs: {},
      outputs: { value: [3] },
      differentiate: [],
      body: ({ group: { x } }) => ({ outputs: { value: tf.cumsum(x ?? 0) } }),
    })
    await expect(program).rejects.toThrow('Cumsum')
  })
})

function expectAgreement(examples: fc.Arbitrary<KernelExample>, differentiate: boolean): Promise<void> {
  const property = fc.asyncProperty(examples, draw, async (example, { seed, inHalves }) => {
    const values = drawValues(example.shapes, seed, inHalves)
    const reference = await referenceResult(example, values, differentiate)
    const compiled = await compiledResult(example, values, differentiate, reference.shape)
    expectClose(compiled.value, reference.value)
    compiled.gradients.forEach((gradient, i) => {
      expectClose(gradient, reference.gradients[i] ?? [])
    })
  })
  return fc.assert(property, { numRuns: 12, seed: 1 })
}

function expectClose(actual: number[], expected: number[]): void {
  expect(actual.length).toBe(expected.length)
  const scale = Math.max(1, ...expected.map(Math.abs))
  const errors = actual.map((value, i) => Math.abs(value - (expected[i] ?? Number.NaN)) / scale)
  if (!errors.every((error) => error <= TOLERANCE)) expect(actual).toEqual(expected)
}

function drawValues(shapes: number[][], seed: number, inHalves: boolean): Float32Array[] {
  const { weights: random } = createStreams(seed)
  return shapes.map((shape) =>
    Float32Array.from({ length: elements(shape) }, () =>
      inHalves ? (random.integer(9) - 4) / 2 : random.normal(),
    ),
  )
}

const elements = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1)

/** The numbers of an output are summed with unequal weights, so that each has a gradient of its own. */
const weightsOf = (shape: readonly number[]): Float32Array =>
  Float32Array.from({ length: elements(shape) }, (_, i) => Math.cos(i + 1))

async function referenceResult(
  { shapes, apply }: KernelExample,
  values: Float32Array[],
  differentiate: boolean,
): Promise<Result & { shape: number[] }> {
  await tf.setBackend(REFERENCE)
  const value: number[] = []
  let shape: number[] = []
  const gradients: number[][] = []
  const { kernelNames } = await tf.profile(() =>
    tf.tidy(() => {
      const tensors = values.map((array, i) => tf.tensor(array, shapes[i]))
      const loss = (...operands: tf.Tensor[]) => {
        const result = apply(...operands)
        value.push(...result.dataSync())
        shape = result.shape
        return tf.sum(tf.mul(result, tf.tensor(weightsOf(shape), shape))) as tf.Scalar
      }
      if (!differentiate) return loss(...tensors)
      gradients.push(
        ...tf
          .grads(loss)(tensors)
          .map((gradient) => [...gradient.dataSync()]),
      )
      return tf.scalar(0)
    }),
  )
  for (const name of kernelNames) kernelsMet.add(name)
  return { value, shape, gradients }
}

async function compiledResult(
  { shapes, apply }: KernelExample,
  values: Float32Array[],
  differentiate: boolean,
  outputShape: number[],
): Promise<Result> {
  const operands = createParameterGroup(
    'operands',
    shapes.map((shape, i) => ({ name: `${i}`, shape })),
    { trainable: true },
  )
  operands.parameters.forEach((parameter, i) => {
    parameterView(operands.values, parameter).set(values[i] ?? [])
  })
  const program = await compiledEngine.compile({
    name: 'kernel',
    groups: { operands },
    inputs: { weights: outputShape },
    outputs: { value: outputShape },
    differentiate: differentiate ? ['operands'] : [],
    body: (parameters, { weights }) => {
      const value = apply(...Object.values(parameters.operands))
      return { loss: tf.sum(tf.mul(value, weights)) as tf.Scalar, outputs: { value } }
    },
  })
  program.inputs.weights.set(weightsOf(outputShape))
  await program.run()
  const { gradient } = operands
  if (!gradient) throw new Error('The operands are trainable.')
  const gradients = differentiate
    ? operands.parameters.map((parameter) => [...parameterView(gradient, parameter)])
    : []
  await program.dispose()
  return { value: [...program.outputs.value], gradients }
}
