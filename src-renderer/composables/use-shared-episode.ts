import { computed } from 'vue'
import { useRouter } from 'vue-router'
import type { EpisodeReference } from '../../src-main/contract/index.ts'
import { replayActions } from '../actions/replay.ts'
import { referenceName } from '../replay/references.ts'
import { useFilesStore } from '../stores/files.ts'
import { useKeptEpisodesStore } from '../stores/kept-episodes.ts'
import { useActions } from './use-actions.ts'

/** An episode as a small file: written, and removed again where it came in one. */
export function useSharedEpisode(reference: () => EpisodeReference | null, isReady: () => boolean) {
  const router = useRouter()
  const files = useFilesStore()
  const kept = useKeptEpisodesStore()
  const keptId = computed(() => {
    const shown = reference()
    return shown !== null && 'keptId' in shown ? shown.keptId : null
  })

  function share(): void {
    const shown = reference()
    if (shown !== null) void files.exportEpisode(shown, referenceName(shown))
  }
  async function remove(): Promise<void> {
    if (keptId.value !== null && (await kept.remove(keptId.value))) await router.push('/failures')
  }

  useActions(
    replayActions,
    {
      'replay.share': share,
      'replay.removeShared': { run: remove, when: () => keptId.value !== null },
    },
    isReady,
  )
  return { kept, isKept: computed(() => keptId.value !== null), share, remove }
}
