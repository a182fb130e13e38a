import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    environment: 'node',
    include: ['test/**/*.test.ts'],
    exclude: ['test/e2e/**', 'node_modules/**'],
    // A limit is there for tests that hang; a machine that also trains is many times slower than an idle one.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
