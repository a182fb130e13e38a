import type { SettingDescription } from '../../src-main/contract/index.ts'

/** Settings by their dotted name, parameters by environment and name: two environments may have parameters of one name. */
export type Descriptions = ReadonlyMap<string, SettingDescription>

const parameterKey = (environment: string, name: string) => `${environment}/${name}`

export function byKey(list: readonly SettingDescription[]): Descriptions {
  return new Map(
    list.map((item) => [item.name.includes('.') ? item.name : parameterKey(item.group, item.name), item]),
  )
}

export const describedParameter = (descriptions: Descriptions, environment: string, name: string) =>
  descriptions.get(parameterKey(environment, name))

/** A setting, or a parameter of whichever environment has one of this name; of several, only what they agree on is told. */
export function describedAnywhere(descriptions: Descriptions, name: string): SettingDescription | undefined {
  if (name.includes('.')) return descriptions.get(name)
  const [first, ...others] = [...descriptions.values()].filter((item) => item.name === name)
  if (first === undefined || others.length === 0) return first
  const agreed = <Key extends keyof SettingDescription>(key: Key) =>
    others.every((other) => other[key] === first[key]) ? first[key] : null
  return {
    ...first,
    symbol: agreed('symbol'),
    unit: agreed('unit'),
    help: agreed('help') ?? 'Each environment has its own parameter of this name.',
  }
}
