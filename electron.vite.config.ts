import { existsSync } from 'node:fs'
import path from 'node:path'
import { defineConfig, mergeConfig } from 'electron-vite'
import type { Plugin } from 'vite'
import rendererConfig from './src-renderer/vite.config.ts'

const source = path.join(import.meta.dirname, 'src-main')
const renderer = path.join(import.meta.dirname, 'src-renderer')

/** Each of these starts a process of its own, so each is a file of its own in out/main, at its place in the tree. */
const entries = ['main', 'cli', 'shells/electron/lab-service', 'training/worker']

/** electron-vite makes addresses relative, for file: pages; ours come from a server, and a reloaded route is not at the root. */
const absoluteAddresses: Plugin = {
  name: 'absolute-addresses',
  enforce: 'post',
  config: (config) => {
    config.base = '/'
  },
}

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      sourcemap: true,
      rolldownOptions: {
        input: Object.fromEntries(
          entries
            .map((entry) => [entry, path.join(source, `${entry}.ts`)] as const)
            .filter(([, file]) => existsSync(file)),
        ),
        // One file per module: what a module finds beside itself in src-main it finds beside itself in out/main.
        output: { preserveModules: true, preserveModulesRoot: source, entryFileNames: '[name].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      externalizeDeps: false,
      rolldownOptions: {
        input: path.join(source, 'preload.ts'),
        // A sandboxed preload is loaded as a CommonJS script.
        output: { format: 'cjs', entryFileNames: 'preload.cjs', codeSplitting: false },
      },
    },
  },
  // electron-vite bundles the files that this one imports, and there they believe to lie beside it: hence the folders once more.
  renderer: mergeConfig(rendererConfig, {
    root: renderer,
    plugins: [absoluteAddresses],
    build: {
      outDir: path.join(import.meta.dirname, 'out', 'renderer'),
      emptyOutDir: true,
      rolldownOptions: { input: path.join(renderer, 'index.html') },
    },
  }),
})
