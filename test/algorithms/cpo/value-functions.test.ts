import { expect, it } from 'vitest'
import { ValueFunctions } from '../../../src-main/algorithms/cpo/value-functions.ts'
import { compiledEngine } from '../../../src-main/engine/compiled/compiled-engine.ts'
import { createStreams } from '../../../src-main/random.ts'
import { at, copyOf, expectClose, forward, gradientOf, mean, textbookAdam } from '../reference.ts'

const [rows, observationSize] = [9, 2]

it('take a step of Adam down both squared errors, as an independent calculation does', async () => {
  const settings = { hiddenSizes: [6, 5], valueLearningRate: 0.01, valueUpdates: 2, valueBatchSize: 5 }
  const functions = await ValueFunctions.create({
    engine: compiledEngine,
    observationSize,
    rows,
    settings,
    weights: createStreams(2).weights,
  })
  const observations = new Float32Array(rows * observationSize)
  createStreams(4).batches.fillNormal(observations)
  const targets = {
    returns: Float64Array.from({ length: rows }, (_, row) => 3 * Math.sin(row)),
    costs: Float64Array.from({ length: rows }, (_, row) => (row % 3 === 0 ? 1 : 0)),
  }
  const network = copyOf(functions.networks)
  const value = (name: string, row: number) =>
    at(forward(network, name, observations.subarray(row * observationSize, (row + 1) * observationSize)), 0)
  const said = await functions.evaluate(observations)
  for (let row = 0; row < rows; row++) {
    expect(at(said.returns, row)).toBeCloseTo(value('return', row), 5)
    expect(at(said.costs, row)).toBeCloseTo(value('cost', row), 5)
  }

  const losses = await functions.train(observations, targets, createStreams(6).batches)
  const random = createStreams(6).batches
  const adam = textbookAdam(settings.valueLearningRate)
  const expected: { returnLoss: number; costLoss: number }[] = []
  for (let update = 0; update < settings.valueUpdates; update++) {
    const drawn = Array.from({ length: settings.valueBatchSize }, () => random.integer(rows))
    const error = (name: 'return' | 'cost') =>
      mean(drawn.map((row) => (value(name, row) - at(targets[`${name}s`], row)) ** 2))
    expected.push({ returnLoss: error('return'), costLoss: error('cost') })
    network.values.set(
      adam(
        network.values,
        gradientOf(network, () => error('return') + error('cost')),
      ),
    )
  }
  expect(losses.returnLoss).toBeCloseTo(mean(expected.map(({ returnLoss }) => returnLoss)), 4)
  expect(losses.costLoss).toBeCloseTo(mean(expected.map(({ costLoss }) => costLoss)), 4)
  expectClose(functions.networks.values, network.values, 1e-4)
})
