import '@fontsource-variable/inter/wght.css'
import 'uplot/dist/uPlot.min.css'
import './styles/tokens.css'
import './styles/base.css'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import { connect } from './connection.ts'

connect()
void start()

/** A part after the other: each import runs as a task of its own, and between two the page can be drawn. */
async function start(): Promise<void> {
  await import('../src-main/contract/index.ts')
  const { router, loadOtherViews } = await import('./router.ts')
  const { default: App } = await import('./App.vue')
  createApp(App).use(createPinia()).use(router).mount('#app')
  await router.isReady()
  loadOtherViews()
}
