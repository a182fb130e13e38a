import { z } from 'zod'
import { methods } from '../algorithms/registry.ts'
import {
  type EnvironmentName,
  environmentName,
  type MethodName,
  methodName,
  type SettingDescription,
  type SettingValue,
} from '../contract/transfer.ts'
import { environmentParameters } from '../environments/registry.ts'

/** The part of JSON Schema that zod writes for our settings. */
const property = z.object({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  description: z.string().optional(),
  symbol: z.string().optional(),
  unit: z.string().optional(),
  isRange: z.boolean().optional(),
  enum: z.array(z.string()).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  exclusiveMaximum: z.number().optional(),
  default: z.json().optional(),
  items: z.unknown().optional(),
  /** Of a pair or triple: what holds for each number. */
  prefixItems: z
    .array(z.object({ minimum: z.number().optional(), maximum: z.number().optional() }))
    .optional(),
})
const objectSchema = z.object({ properties: z.record(z.string(), property) })
const groupedSchema = z.object({ properties: z.record(z.string(), objectSchema) })

function describeSetting(group: string, name: string, schema: z.infer<typeof property>): SettingDescription {
  return {
    name,
    group,
    symbol: schema.symbol ?? null,
    unit: schema.unit ?? null,
    help: schema.description ?? '',
    kind: kindOf(schema),
    choices: schema.enum ?? null,
    minimum: schema.minimum ?? schema.prefixItems?.[0]?.minimum ?? smallestAbove(schema),
    maximum: largest(schema),
    default: schema.default ?? null,
  }
}

function largest({ maximum, exclusiveMaximum, prefixItems }: z.infer<typeof property>): number | null {
  if (maximum === Number.MAX_SAFE_INTEGER) return null
  return maximum ?? exclusiveMaximum ?? prefixItems?.[0]?.maximum ?? null
}

/** The first whole number above an exclusive bound, or the bound itself. */
function smallestAbove({ type, exclusiveMinimum }: z.infer<typeof property>): number | null {
  if (exclusiveMinimum === undefined) return null
  return type === 'integer' ? exclusiveMinimum + 1 : exclusiveMinimum
}

function kindOf(schema: z.infer<typeof property>): SettingDescription['kind'] {
  if (schema.isRange) return 'range'
  if (schema.enum) return 'choice'
  if (schema.type === 'boolean') return 'boolean'
  if (schema.type === 'integer') return 'integer'
  if (schema.type !== 'array') return 'number'
  return schema.prefixItems || JSON.stringify(schema.items).includes('integer') ? 'numbers' : 'lines'
}

/** What is kept of a run; the same for every method. Left out, the preset decides. */
export const recordingSettings = z.strictObject({
  checkpointEvery: z
    .int()
    .positive()
    .optional()
    .meta({ unit: 'steps', description: 'Policy steps between two checkpoints.' }),
  metricsEvery: z
    .int()
    .positive()
    .optional()
    .meta({ unit: 'steps', description: 'Policy steps between two points of every metric.' }),
  failureFramesLimit: z.int().nonnegative().optional().meta({
    unit: 'failures',
    description:
      'Failures of a run that keep their frames, a random sample of all. Left out: every failure keeps them.',
  }),
  evaluationEvery: z.int().positive().optional().meta({
    unit: 'steps',
    description:
      'Policy steps between two evaluations: episodes without chance in the policy, apart from training, which they do not change. Left out: none.',
  }),
  evaluationEpisodes: z
    .int()
    .positive()
    .max(1000)
    .optional()
    .meta({ unit: 'episodes', description: 'Episodes of one evaluation. Left out: 10.' }),
  failureBudget: z.int().nonnegative().optional().meta({
    unit: 'failures',
    description:
      'Safety budget: a run that fails more often than this pauses by itself, once. Left out: no budget.',
  }),
})

function recordingDescriptions(): SettingDescription[] {
  const { properties } = objectSchema.parse(z.toJSONSchema(recordingSettings, { io: 'input' }))
  return Object.entries(properties).map(([name, item]) =>
    describeSetting('recording', `recording.${name}`, item),
  )
}

const described = new Map<MethodName, SettingDescription[]>()

/** Dotted names and descriptions of all settings of a method; worked out once, as a sweep asks a thousand times. */
function methodSettings(method: MethodName): SettingDescription[] {
  const found = described.get(method) ?? describeMethod(method)
  described.set(method, found)
  return found
}

function describeMethod(method: MethodName): SettingDescription[] {
  const { properties } = groupedSchema.parse(z.toJSONSchema(methods[method].settings, { io: 'input' }))
  return Object.entries(properties).flatMap(([group, schema]) =>
    Object.entries(schema.properties).map(([name, item]) => describeSetting(group, `${group}.${name}`, item)),
  )
}

/** An environment's parameters, in a group of its name. */
function parameterDescriptions(environment: EnvironmentName): SettingDescription[] {
  const { properties } = objectSchema.parse(
    z.toJSONSchema(environmentParameters(environment), { io: 'input' }),
  )
  return Object.entries(properties).map(([name, item]) => describeSetting(environment, name, item))
}

/** Settings of all methods and parameters of all environments, each once. */
export function settingDescriptions(): SettingDescription[] {
  const settings = [...methodName.options.flatMap(methodSettings), ...recordingDescriptions()]
  const parameters = environmentName.options.flatMap(parameterDescriptions)
  return [
    ...new Map([...settings, ...parameters].map((item) => [`${item.group}/${item.name}`, item])).values(),
  ]
}

/**
 * Settings of one run, parsed by the method's schema. Names that another method of the experiment knows are skipped, so that one list of
 * settings serves all of them.
 * @param values by dotted name.
 */
export function parseSettings(method: MethodName, values: Readonly<Record<string, SettingValue>>) {
  const known = new Set(methodSettings(method).map(({ name }) => name))
  const nested: Record<string, Record<string, SettingValue>> = {}
  for (const [name, value] of Object.entries(values)) {
    if (!known.has(name)) continue
    const [group = '', key = ''] = name.split('.')
    nested[group] = { ...nested[group], [key]: value }
  }
  return methods[method].settings.safeParse(nested)
}

const settingGroup = z.record(
  z.string(),
  z.union([z.number(), z.boolean(), z.string(), z.array(z.number()), z.array(z.string()), z.null()]),
)

/** Settings of a run by their dotted names. */
export const flatSettings = (settings: Readonly<Record<string, unknown>>) =>
  new Map(
    Object.entries(settings).flatMap(([group, values]) =>
      Object.entries(settingGroup.parse(values)).map(([name, value]) => [`${group}.${name}`, value] as const),
    ),
  )

/** What the request says of recording, by its schema. */
export function parseRecording(values: Readonly<Record<string, SettingValue>>) {
  const prefix = 'recording.'
  const asked = Object.entries(values)
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, value]) => [name.slice(prefix.length), value])
  return z.object({ recording: recordingSettings }).safeParse({ recording: Object.fromEntries(asked) })
}

let names: ReadonlySet<string> | null = null

/** Dotted names of all settings of all methods. */
export function settingNames(): ReadonlySet<string> {
  names ??= new Set(
    [...methodName.options.flatMap(methodSettings), ...recordingDescriptions()].map(({ name }) => name),
  )
  return names
}
