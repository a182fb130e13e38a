import '@fontsource-variable/inter/wght.css'
import 'uplot/dist/uPlot.min.css'
import './styles/tokens.css'
import './styles/base.css'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { connect } from './connection.ts'
import { router } from './router.ts'

connect()
createApp(App).use(createPinia()).use(router).mount('#app')
