import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'

const storageKey = 'notifications'

export type NotificationState = NotificationPermission | 'unsupported'

/** Whether the system may be asked to say something; switched on by the user, kept on this machine. */
export const useNotificationsStore = defineStore('notifications', () => {
  const isSupported = 'Notification' in window
  const permission = shallowRef<NotificationState>(isSupported ? Notification.permission : 'unsupported')
  const isWanted = ref(localStorage.getItem(storageKey) === 'on')
  const isOn = ref(isWanted.value && permission.value === 'granted')

  /** Browsers ask the user only in answer to a click, so this is to be called from one. */
  async function set(on: boolean): Promise<void> {
    if (on && permission.value === 'default') permission.value = await Notification.requestPermission()
    isWanted.value = on
    isOn.value = on && permission.value === 'granted'
    localStorage.setItem(storageKey, isOn.value ? 'on' : 'off')
  }

  /** Shows nothing while the window is in front. The same tag in two windows gives one notification. */
  function show(title: string, body: string, tag: string, onClick: () => void): void {
    if (!isOn.value || document.hasFocus()) return
    const notification = new Notification(title, { body, tag })
    notification.addEventListener('click', () => {
      window.focus()
      onClick()
      notification.close()
    })
  }

  return { permission, isOn, set, show }
})
