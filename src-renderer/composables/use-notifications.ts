import { watch } from 'vue'
import { useRouter } from 'vue-router'
import { findEndings } from '../runs/endings.ts'
import { useNotificationsStore } from '../stores/notifications.ts'
import { useRunsStore } from '../stores/runs.ts'

/** Tells of what ended, by the system's notifications. */
export function useNotifications(): void {
  const runs = useRunsStore()
  const notifications = useNotificationsStore()
  const router = useRouter()
  watch(
    () => runs.runs,
    (after, before) => {
      if (!notifications.isOn) return
      for (const { title, body, tag, path } of findEndings(before, after, runs.experimentName))
        notifications.show(title, body, tag, () => void router.push(path))
    },
  )
}
