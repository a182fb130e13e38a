import type { ComparisonView, SavedComparison } from '../../src-main/contract/index.ts'
import { compareActions } from '../actions/compare.ts'
import { useActions } from './use-actions.ts'

interface Hands {
  view(): ComparisonView
  saved(): SavedComparison | null
  hasChanges(): boolean
  isEmpty(): boolean
  isReady(): boolean
  change(part: Partial<ComparisonView>): void
  startNaming(renames: boolean): void
  saveChanges(): Promise<void>
  remove(id: number): Promise<void>
  report(): void
}

/** Keys and palette do to the comparison what its header and the tools of its curves do. */
export function useCompareActions(hands: Hands): void {
  const { view, change } = hands
  const set = (part: Partial<ComparisonView>) => () => change(part)
  const draw = (part: Partial<ComparisonView>) => () => change({ ...part, section: 'curves' })
  const isSaved = () => hands.saved() !== null

  useActions(
    compareActions,
    {
      'compare.curves': set({ section: 'curves' }),
      'compare.safety': set({ section: 'safety' }),
      'compare.statistics': set({ section: 'statistics' }),
      'compare.settings': set({ section: 'settings' }),
      'compare.calibration': set({ section: 'calibration' }),
      'compare.phases': set({ section: 'phases' }),
      'compare.profiles': set({ section: 'profiles' }),
      'compare.fineTuning': set({ phase: 'finetune', zoom: null }),
      'compare.preTraining': set({ phase: 'pretrain', zoom: null }),
      'compare.allPhases': set({ phase: 'all', zoom: null }),
      'compare.groupBySettings': set({ groupBy: ['settings'] }),
      'compare.groupByMethod': set({ groupBy: ['method'] }),
      'compare.groupByRun': set({ groupBy: ['run'] }),
      'compare.overSteps': draw({ x: 'steps', zoom: null }),
      'compare.overEpisodes': draw({ x: 'episodes', zoom: null }),
      'compare.overSeconds': draw({ x: 'seconds', zoom: null }),
      'compare.overFailures': draw({ x: 'failures', zoom: null }),
      'compare.average': () => draw({ average: view().average === 'mean' ? 'iqm' : 'mean' })(),
      'compare.singleRuns': () => draw({ showsRuns: !view().showsRuns })(),
      'compare.longerRuns': () => draw({ showsTails: !view().showsTails })(),
      'compare.showAll': { run: set({ zoom: null }), when: () => view().zoom !== null },
      'compare.saveAs': { run: () => hands.startNaming(false), when: () => !hands.isEmpty() },
      'compare.saveChanges': { run: hands.saveChanges, when: () => isSaved() && hands.hasChanges() },
      'compare.rename': { run: () => hands.startNaming(true), when: isSaved },
      'compare.delete': { run: () => hands.remove(hands.saved()?.id ?? 0), when: isSaved },
      'compare.report': { run: hands.report, when: () => !hands.isEmpty() },
      'compare.clear': { run: set({ runIds: [], experimentIds: [] }), when: () => !hands.isEmpty() },
    },
    hands.isReady,
  )
}
