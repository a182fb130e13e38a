import * as tf from '@tensorflow/tfjs'
import fc from 'fast-check'

/** Operations on tensors of drawn shapes; what a draw decides besides the shapes (an axis, a bound) is in `apply`'s closure. */
export interface KernelExample {
  shapes: number[][]
  apply: (...tensors: tf.Tensor[]) => tf.Tensor
}

type Unary = (x: tf.Tensor) => tf.Tensor
type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor

const size = fc.integer({ min: 1, max: 5 })
const shape = (minimumRank: number, maximumRank: number) =>
  fc.array(size, { minLength: minimumRank, maxLength: maximumRank })

/** Two shapes that broadcast: some axes shrunk to 1, some leading ones left out. */
const broadcastPair = fc
  .tuple(shape(0, 3), fc.infiniteStream(fc.boolean()), fc.nat(3), fc.nat(3))
  .map(([full, shrink, dropLeft, dropRight]) => {
    const operand = (drop: number) => full.map((n) => (shrink.next().value ? 1 : n)).slice(drop)
    return [operand(dropLeft), operand(dropRight)]
  })

/** Where a logarithm, a root and a quotient are smooth. */
const positive: Unary = (x) => tf.add(tf.square(x), 0.5)
const everyOther = (shape: number[]): tf.Tensor =>
  tf.tensor(
    Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => i % 2 === 0),
    shape,
    'bool',
  )
const asNumbers: Unary = (x) => tf.cast(x, 'float32')

const unary = (apply: Unary): fc.Arbitrary<KernelExample> =>
  shape(0, 3).map((drawn) => ({ shapes: [drawn], apply: (x = tf.scalar(0)) => apply(x) }))

const binary = (apply: Binary): fc.Arbitrary<KernelExample> =>
  broadcastPair.map((shapes) => ({
    shapes,
    apply: (a = tf.scalar(0), b = tf.scalar(0)) => apply(a, b),
  }))

/** Of one shape: TensorFlow.js itself cannot differentiate these where they broadcast. */
const alike = (apply: Binary): fc.Arbitrary<KernelExample> =>
  shape(0, 3).map((drawn) => ({
    shapes: [drawn, drawn],
    apply: (a = tf.scalar(0), b = tf.scalar(0)) => apply(a, b),
  }))

const reduction = (apply: (x: tf.Tensor, axes: number[], keepDims: boolean) => tf.Tensor) =>
  shape(1, 3).chain((drawn) =>
    fc.tuple(fc.subarray([...drawn.keys()], { minLength: 1 }), fc.boolean()).map(
      ([axes, keepDims]): KernelExample => ({
        shapes: [drawn],
        apply: (x = tf.scalar(0)) => apply(x, axes, keepDims),
      }),
    ),
  )

const matrixProduct = (
  bias: boolean,
  apply: (a: tf.Tensor, b: tf.Tensor, transpose: [boolean, boolean], bias?: tf.Tensor) => tf.Tensor,
) =>
  fc
    .tuple(size, size, size, fc.boolean(), fc.boolean())
    .map(([rows, inner, columns, ta, tb]): KernelExample => {
      const left = ta ? [inner, rows] : [rows, inner]
      const right = tb ? [columns, inner] : [inner, columns]
      return {
        shapes: bias ? [left, right, [columns]] : [left, right],
        apply: (a = tf.scalar(0), b = tf.scalar(0), c) => apply(a, b, [ta, tb], c),
      }
    })

const fused = (activation: 'linear' | 'relu' | 'sigmoid') =>
  matrixProduct(true, (a, b, [transposeA, transposeB], bias) =>
    tf.fused.matMul({ a, b, transposeA, transposeB, activation, ...(bias && { bias }) }),
  )

const concatenation = shape(1, 3).chain((drawn) =>
  fc.tuple(fc.nat(drawn.length - 1), fc.array(size, { minLength: 1, maxLength: 3 })).map(
    ([axis, lengths]): KernelExample => ({
      shapes: lengths.map((length) => drawn.with(axis, length)),
      apply: (...parts) => tf.concat(parts, axis),
    }),
  ),
)

const slice = fc.array(fc.tuple(fc.nat(3), size, fc.nat(3)), { minLength: 1, maxLength: 3 }).map(
  (axes): KernelExample => ({
    shapes: [axes.map(([before, length, after]) => before + length + after)],
    apply: (x = tf.scalar(0)) =>
      tf.slice(
        x,
        axes.map(([before]) => before),
        axes.map(([, length]) => length),
      ),
  }),
)

const padding = fc
  .tuple(fc.array(fc.tuple(size, fc.nat(2), fc.nat(2)), { minLength: 1, maxLength: 3 }), size)
  .map(
    ([axes, value]): KernelExample => ({
      shapes: [axes.map(([length]) => length)],
      apply: (x = tf.scalar(0)) =>
        tf.pad(
          x,
          axes.map(([, before, after]): [number, number] => [before, after]),
          value,
        ),
    }),
  )

const tiling = fc.array(fc.tuple(size, fc.integer({ min: 1, max: 3 })), { minLength: 1, maxLength: 3 }).map(
  (axes): KernelExample => ({
    shapes: [axes.map(([length]) => length)],
    apply: (x = tf.scalar(0)) =>
      tf.tile(
        x,
        axes.map(([, repeats]) => repeats),
      ),
  }),
)

const transposition = shape(1, 3).chain((drawn) =>
  fc.shuffledSubarray([...drawn.keys()], { minLength: drawn.length }).map(
    (order): KernelExample => ({
      shapes: [drawn],
      apply: (x = tf.scalar(0)) => tf.transpose(x, order),
    }),
  ),
)

const splitting = fc.tuple(shape(1, 3), size, size).map(
  ([[first = 1, ...rest], left, right]): KernelExample => ({
    shapes: [[first, ...rest, left + right]],
    apply: (x = tf.scalar(0)) => {
      const [a, b] = tf.split(x, [left, right], rest.length + 1)
      return tf.add(tf.sum(a ?? x, -1), tf.mul(tf.sum(b ?? x, -1), 2))
    },
  }),
)

/** One or two layers on joined inputs, of which one is not wanted: the tracer leaves its gradient out of the products. */
const joined = fc
  .tuple(size, size, size, size, fc.boolean())
  .map(([rows, left, right, columns, twice]): KernelExample => {
    const weight = [left + right, columns]
    return {
      shapes: [[rows, right], weight, ...(twice ? [weight] : [])],
      apply: (a = tf.scalar(0), ...weights) => {
        const input = tf.concat([tf.fill([rows, left], 0.5), tf.tanh(a)], 1)
        return weights
          .map((w, i) => tf.mul(tf.tanh(tf.matMul(input, w)), i + 1))
          .reduce((sum, term) => tf.add(sum, term))
      },
    }
  })

/** A row sum of everything that follows a matrix product: what the tracer keeps free of reshapes. */
const lifted = matrixProduct(true, (a, b, [transposeA, transposeB], bias) => {
  const product = tf.fused.matMul({ a, b, transposeA, transposeB, ...(bias && { bias }) })
  return tf.mean(tf.sum(tf.mul(tf.tanh(product), tf.add(product, 1)), 0))
})

export const kernelCases: Readonly<Record<string, fc.Arbitrary<KernelExample>>> = {
  add: binary(tf.add),
  sub: binary(tf.sub),
  mul: binary(tf.mul),
  div: binary((a, b) => tf.div(a, positive(b))),
  minimum: alike(tf.minimum),
  maximum: alike(tf.maximum),
  pow: binary((a, b) => tf.pow(positive(a), b)),
  where: binary((a, b) => tf.where(everyOther(a.shape), tf.mul(a, 2), b)),
  relu: unary(tf.relu),
  step: unary((x) => tf.mul(x, tf.step(x))),
  exp: unary(tf.exp),
  log: unary((x) => tf.log(positive(x))),
  tanh: unary(tf.tanh),
  sqrt: unary((x) => tf.sqrt(positive(x))),
  square: unary(tf.square),
  neg: unary(tf.neg),
  abs: unary(tf.abs),
  sign: unary((x) => tf.mul(x, tf.sign(x))),
  sigmoid: unary(tf.sigmoid),
  softplus: unary(tf.softplus),
  clipByValue: unary((x) => tf.clipByValue(x, -0.5, 1)),
  clone: unary((x) => tf.mul(tf.clone(x), 3)),
  onesLike: unary((x) => tf.div(tf.onesLike(x), positive(x))),
  zerosLike: unary((x) => tf.maximum(tf.zerosLike(x), x)),
  fill: unary((x) => tf.mul(x, tf.fill(x.shape, 1.5))),
  addN: unary((x) => tf.addN([x, tf.square(x), tf.mul(x, 3)])),
  expandDims: unary((x) => tf.mul(tf.expandDims(x, 0), 2)),
  reshape: unary((x) => tf.tanh(tf.reshape(x, [-1]))),
  sum: reduction((x, axes, keepDims) => tf.sum(x, axes, keepDims)),
  mean: reduction((x, axes, keepDims) => tf.mean(x, axes, keepDims)),
  max: reduction((x, axes, keepDims) => tf.max(x, axes, keepDims)),
  min: reduction((x, axes, keepDims) => tf.min(x, axes, keepDims)),
  matMul: matrixProduct(false, (a, b, [ta, tb]) => tf.matMul(a, b, ta, tb)),
  'fused matMul': fused('linear'),
  'a fused matMul in a longer expression': lifted,
  'the products of joined inputs': joined,
  concat: concatenation,
  slice,
  pad: padding,
  tile: tiling,
  transpose: transposition,
  split: splitting,
}

/** Comparisons have no gradient in TensorFlow.js, and it fuses activations only where it does not differentiate. */
export const undifferentiatedCases: typeof kernelCases = {
  greater: binary((a, b) => tf.mul(a, asNumbers(tf.greater(a, b)))),
  greaterEqual: binary((a, b) => tf.mul(a, asNumbers(tf.greaterEqual(a, b)))),
  less: binary((a, b) => tf.mul(a, asNumbers(tf.less(a, b)))),
  lessEqual: binary((a, b) => tf.mul(a, asNumbers(tf.lessEqual(a, b)))),
  equal: binary((a, b) => tf.mul(a, asNumbers(tf.equal(a, b)))),
  logicalAnd: binary((a, b) => tf.mul(a, asNumbers(tf.logicalAnd(tf.greater(a, 0), tf.less(b, 0))))),
  logicalNot: unary((x) => tf.mul(x, asNumbers(tf.logicalNot(tf.greater(x, 0))))),
  'fused matMul with relu': fused('relu'),
  'fused matMul with sigmoid': fused('sigmoid'),
}
