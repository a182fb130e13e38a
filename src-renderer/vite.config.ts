import path from 'node:path'
import vue from '@vitejs/plugin-vue'
import type { UserConfig } from 'vite'

const folder = import.meta.dirname

/** How the windows' page is built; electron.vite.config.ts takes it as its renderer part. */
const rendererConfig: UserConfig = {
  root: folder,
  base: '/',
  plugins: [vue()],
  build: {
    outDir: path.join(folder, '../out/renderer'),
    emptyOutDir: true,
    target: 'chrome140',
    // The content security policy lets fonts and scripts come from files alone, never from data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: { input: path.join(folder, 'index.html') },
  },
}

export default rendererConfig
