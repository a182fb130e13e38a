import { onScopeDispose } from 'vue'
import { useRouter } from 'vue-router'
import { useAtHandStore } from '../stores/at-hand.ts'

/** What is opened is at hand from then on. */
export function useAtHand(): void {
  const atHand = useAtHandStore()
  const router = useRouter()
  const leave = router.afterEach(({ name, params }, _from, failure) => {
    const id = Number(params.id ?? params.draftId)
    if (failure || !(Number.isSafeInteger(id) && id > 0)) return
    if (name === 'run') atHand.hold({ run: id })
    else if (name === 'experiment') atHand.hold({ experiment: id })
    else if (name === 'transfer') atHand.hold({ draft: id })
    else if (name === 'replay') atHand.hold({ episode: id })
  })
  onScopeDispose(leave)
}
