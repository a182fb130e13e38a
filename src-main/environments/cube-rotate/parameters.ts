import { z } from 'zod'
import { drawnBetween } from '../drawn-between.ts'

export const cubeRotateParameters = z.strictObject({
  goalTurn: z.number().min(0.1).max(3).default(1.5).meta({
    unit: 'rad',
    description:
      'How far the cube is to be turned. The paper’s quarter turn is 1.5, its further eighth 2.25.',
  }),
  goalDirection: z.enum(['any', 'left', 'right', 'up', 'down']).default('any').meta({
    description:
      'Which way: left and right about the vertical axis, up and down about the axis across the palm; any draws one of the four for each episode.',
  }),
  cubeMass: drawnBetween('kg', 0.005, 1, 0.05, 'Mass of the cube.'),
  friction: drawnBetween(null, 0.05, 5, 1, 'Sliding friction between hand and cube.'),
  actionScale: z.number().positive().max(1).default(1).meta({
    description:
      'Share of each motor’s range that a full action asks for. At half of it a hand hardly ever drops the cube.',
  }),
  dropPenalty: z
    .number()
    .nonnegative()
    .max(1e6)
    .default(500)
    .meta({ description: 'Taken from the reward when the cube is dropped.' }),
  startOffset: z.number().min(0).max(0.03).default(0).meta({
    unit: 'm',
    description: 'Standard deviation of the cube’s place at the start, along the palm.',
  }),
  startTurn: z.number().min(0).max(3.2).default(0).meta({
    unit: 'rad',
    description: 'The cube starts turned about the vertical axis by up to this, either way.',
  }),
  episodeLength: z
    .int()
    .positive()
    .max(100_000)
    .default(100)
    .meta({ unit: 'steps', description: 'Time limit of an episode, in steps of 0.1 s.' }),
})
export type CubeRotateParameters = z.output<typeof cubeRotateParameters>
