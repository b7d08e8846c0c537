import { defineConfig } from 'vitest/config';

/** Two files at once, also where there are two cores: most of their time they wait for processes of their own. */
const inPairs = { maxWorkers: 2 } as const;
const realNodes = { testTimeout: 1_800_000, hookTimeout: 600_000 } as const;
/** The nodes of one file are all that a small machine has memory for. */
const alone = { fileParallelism: false, sequence: { groupOrder: 1 } } as const;

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
          ...inPairs,
        },
      },
      {
        test: {
          name: 'server',
          include: ['test/server/**/*.test.ts', 'src/**/*.process.test.ts'],
          testTimeout: 240_000,
          hookTimeout: 240_000,
          ...inPairs,
        },
      },
      {
        test: {
          name: 'console',
          include: ['console/src/**/*.test.ts', 'test/console/**/*.test.ts'],
          globalSetup: ['test/console/build.ts'],
          testTimeout: 400_000,
          hookTimeout: 400_000,
          ...inPairs,
        },
      },
      {
        test: {
          name: 'faults',
          include: ['test/{faults,stories,conformance}/**/*.test.ts'],
          exclude: ['**/*.real.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 120_000,
          ...inPairs,
        },
      },
      {
        test: {
          name: 'real',
          include: [
            'src/engines/elasticsearch/**/*.real.test.ts',
            'test/real/**/*.real.test.ts',
            'test/conformance/elasticsearch/every-time.real.test.ts',
          ],
          ...realNodes,
          ...alone,
        },
      },
      {
        test: {
          name: 'kubernetes',
          include: ['src/engines/kubernetes/**/*.real.test.ts', 'test/{kubernetes,conformance/kubernetes}/**/*.real.test.ts'],
          ...realNodes,
          ...inPairs,
        },
      },
      {
        test: {
          name: 'full',
          include: ['test/{full,conformance/elasticsearch}/**/*.real.test.ts', 'test/fuzz/**/*.test.ts'],
          exclude: ['**/every-time.real.test.ts'],
          ...realNodes,
          ...alone,
        },
      },
    ],
  },
});
