import { computed, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import type { ComparisonView } from '../../src-main/contract/index.ts'
import { emptyView, readView, writeView } from '../compare/view-query.ts'
import { useComparisonStore } from '../stores/comparison.ts'

/**
 * The state of the comparison, all of it, in the address: what a saved comparison says, if one is open, and what has been changed since.
 */
export function useComparisonView(savedId: () => number | null) {
  const route = useRoute()
  const router = useRouter()
  const store = useComparisonStore()

  const saved = computed(() => store.saved?.get(savedId() ?? 0) ?? null)
  const base = computed(() => saved.value?.view ?? emptyView)
  const view = computed(() => readView(route.query, base.value))
  const hasChanges = computed(() => Object.keys(writeView(view.value, base.value)).length > 0)

  function change(part: Partial<ComparisonView>): void {
    void router.replace({ query: writeView({ ...view.value, ...part }, base.value) })
  }

  async function saveAs(name: string): Promise<void> {
    const id = await store.save(name, view.value)
    if (id !== null) await router.push(`/compare/${id}`)
  }

  /** The state as it is now becomes that of the saved comparison. */
  async function saveChanges(): Promise<void> {
    const id = savedId()
    if (id !== null && (await store.update(id, { view: view.value })) !== null)
      await router.replace({ query: {} })
  }

  watch(savedId, () => void store.loadSaved(), { immediate: true })
  return { view, saved, hasChanges, change, saveAs, saveChanges }
}
