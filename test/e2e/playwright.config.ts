import path from 'node:path'
import { defineConfig } from '@playwright/test'

export default defineConfig({
  testDir: import.meta.dirname,
  testMatch: '*.spec.ts',
  outputDir: path.join(import.meta.dirname, '../../test-results/e2e'),
  // A spec waits for its page, its lab and its training by turns: two side by side keep two cores at work, more would only wait for each other.
  workers: 2,
  timeout: 180_000,
  expect: { timeout: 15_000 },
  forbidOnly: Boolean(process.env.CI),
  // A spec that only passes the second time is listed as flaky, with its trace: a slow machine does not hide a fault for good.
  retries: process.env.CI ? 1 : 0,
  use: {
    actionTimeout: 30_000,
    trace: 'on-first-retry',
    viewport: { width: 1280, height: 800 },
    colorScheme: 'light',
  },
})
