export interface MetricName {
  label: string
  unit?: string
  help: string
}

/** What the lab's own metrics mean; a metric that is not here is shown under its own name. */
const known: Record<string, MetricName> = {}

export function metricName(name: string): MetricName {
  return known[name] ?? { label: humanise(name), help: name }
}

/** criticLoss becomes Critic loss; a group before a slash or dot stays in front. */
export function humanise(name: string): string {
  const words = name
    .replaceAll(/[./_]/g, ' ')
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
