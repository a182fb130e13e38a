import type { ComparisonView, SavedComparison } from '../../src-main/contract/index.ts'
import { useComparisonStore } from '../stores/comparison.ts'
import { useFilesStore } from '../stores/files.ts'

/** Saves a report of the very runs that are compared, as they are grouped and averaged now, with the critics as they were probed. */
export function useComparisonReport(
  view: () => ComparisonView,
  saved: () => SavedComparison | null,
  runIds: () => readonly number[],
): () => void {
  const store = useComparisonStore()
  const files = useFilesStore()

  const probeEpisodes = () => {
    const probed = runIds().flatMap((id) => store.calibrations.get(id)?.calibration ?? [])
    return store.isCalibrating ? null : (probed[0]?.episodes ?? null)
  }

  return () => {
    const { groupBy, facetBy, baseline, until, x, average, window } = view()
    const title = saved()?.name ?? null
    void files.exportReport({
      about: 'runs',
      title,
      runIds: [...runIds()],
      ...{ groupBy, facetBy, baseline, until, x, average, window },
      probeEpisodes: probeEpisodes(),
    })
  }
}
