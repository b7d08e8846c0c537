import { defineConfig } from 'vitest/config';

const realNodes = { testTimeout: 1_800_000, hookTimeout: 600_000, fileParallelism: false } as const;

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'fast',
          include: ['src/**/*.test.ts', '{test/{load,faces,cli},scripts,demo,bench}/**/*.test.ts'],
          exclude: ['**/*.{process,real}.test.ts'],
          testTimeout: 20_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'server',
          include: ['test/server/**/*.test.ts', 'src/**/*.process.test.ts'],
          testTimeout: 240_000,
          hookTimeout: 240_000,
        },
      },
      {
        test: {
          name: 'faults',
          include: ['test/{faults,stories}/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'real',
          include: ['src/engines/elasticsearch/**/*.real.test.ts', 'test/real/**/*.real.test.ts'],
          ...realNodes,
        },
      },
      {
        test: {
          name: 'kubernetes',
          include: ['src/engines/kubernetes/**/*.real.test.ts', 'test/kubernetes/**/*.real.test.ts'],
          ...realNodes,
        },
      },
      { test: { name: 'full', include: ['test/full/**/*.real.test.ts', 'test/fuzz/**/*.test.ts'], ...realNodes } },
    ],
  },
});
