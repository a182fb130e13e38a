import { computed, shallowRef } from 'vue'

/** What could not be read or done, by part: that one part succeeds says nothing of another. */
export function createProblems<Part extends string>() {
  const problems = shallowRef<ReadonlyMap<Part, string>>(new Map())
  const error = computed(() => problems.value.values().next().value ?? null)

  /** Null: the part is well again. */
  function say(part: Part, problem: string | null): void {
    const others = [...problems.value].filter(([name]) => name !== part)
    problems.value = new Map(problem === null ? others : [...others, [part, problem]])
  }

  function clear(): void {
    problems.value = new Map()
  }

  return { error, say, clear, has: (part: Part) => problems.value.has(part) }
}
