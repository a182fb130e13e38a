import path from 'node:path'
import { defineConfig } from '@playwright/test'
import specs from './playwright.config.ts'

/** `npm run figures`: the paper's figures, exported from the app. */
export default defineConfig(specs, {
  testMatch: 'figures.ts',
  outputDir: path.join(import.meta.dirname, '../../test-results/figures'),
  timeout: 600_000,
})
