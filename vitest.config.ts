import { defineConfig } from 'vitest/config';

/** Two cores: unit files run side by side, everything that starts real processes runs one file at a time. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          maxWorkers: 2,
          testTimeout: 30_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts', 'test/faults/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 180_000,
          // After the unit tests: a recorder that is measured against bounds wants the machine for itself.
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
