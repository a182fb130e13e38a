import path from 'node:path'
import { defineConfig } from '@playwright/test'
import specs from './playwright.config.ts'

/** `npm run screenshots`: pictures of the real app with real data, for the README. */
export default defineConfig(specs, {
  testMatch: 'screenshots.ts',
  outputDir: path.join(import.meta.dirname, '../../test-results/screenshots'),
  timeout: 3_600_000,
})
