import { onScopeDispose, shallowRef, watch } from 'vue'
import type { Run } from '../../src-main/contract/index.ts'
import { whenIdle } from '../idle.ts'
import { differencesOf } from '../runs/differences.ts'

/** Names of the settings in which the runs differ, looked for whenever there are more or fewer of them and the page is idle. */
export function useRunDifferences(runs: () => ReadonlyMap<number, Run>) {
  const names = shallowRef<readonly string[]>([])
  let stop = () => {}

  function look(): void {
    stop()
    const search = differencesOf(runs().values())
    const goOn = () => {
      const { done, value } = search.next()
      if (done) names.value = value
      else stop = whenIdle(goOn)
    }
    stop = whenIdle(goOn)
  }

  // What a run was specified with does not change.
  watch(() => runs().size, look, { immediate: true })
  onScopeDispose(() => stop())
  return names
}
