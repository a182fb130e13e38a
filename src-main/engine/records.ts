/** Object.entries with the keys' type: for records that have exactly the keys of their type. */
export const entries = <K extends string, V>(record: Readonly<Record<K, V>>): [K, V][] =>
  Object.entries(record) as [K, V][]

export function mapValues<K extends string, V, W>(
  record: Readonly<Record<K, V>>,
  map: (value: V, key: K) => W,
): Record<K, W> {
  return Object.fromEntries(entries(record).map(([key, value]) => [key, map(value, key)])) as Record<K, W>
}
