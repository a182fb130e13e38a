import { z } from 'zod'
import { drawnBetween } from '../drawn-between.ts'

export const minitaurParameters = z.strictObject({
  goalVelocity: z
    .number()
    .min(-0.8)
    .max(0.8)
    .default(0.3)
    .meta({ unit: 'm/s', description: 'Forward velocity that is asked for.' }),
  footFriction: drawnBetween(null, 0.05, 5, 1, 'Sliding friction between feet and floor.'),
  baseMassFactor: drawnBetween(null, 0.2, 5, 1, 'Factor on the mass of the body.'),
  legMassFactor: drawnBetween(
    null,
    0.2,
    5,
    1,
    'Factor on the mass of each leg part, drawn for each part alone.',
  ),
  actionScale: z.number().positive().max(1).default(0.5).meta({
    unit: 'rad',
    description: 'How far a full action moves swing and extension from the reference pose.',
  }),
  controlLatency: z
    .number()
    .min(0)
    .max(0.1)
    .default(0.02)
    .meta({ unit: 's', description: 'Age of what the policy observes.' }),
  motorLatency: z
    .number()
    .min(0)
    .max(0.02)
    .default(0.003)
    .meta({ unit: 's', description: 'Age of the angles that the motors’ own controllers know.' }),
  sensorNoise: z.number().min(0).max(1).default(0).meta({
    unit: 'rad or rad/s',
    description: 'Standard deviation of Gaussian noise on each observed angle and rate.',
  }),
  tiltLimit: z
    .number()
    .positive()
    .max(1.5)
    .default(0.3)
    .meta({ unit: 'rad', description: 'Roll or pitch beyond this is a fall.' }),
  swingLimit: z
    .number()
    .positive()
    .max(3)
    .default(0.8)
    .meta({ unit: 'rad', description: 'A front leg that swings further back than this is a fall.' }),
  overheatProtection: z.boolean().default(true).meta({
    description:
      'A motor with more than 2.45 N m for longer than 1 s is switched off for the rest of the episode.',
  }),
  episodeLength: z
    .int()
    .positive()
    .max(100_000)
    .default(500)
    .meta({ unit: 'steps', description: 'Time limit of an episode, in steps of 0.02 s.' }),
})
export type MinitaurParameters = z.output<typeof minitaurParameters>
