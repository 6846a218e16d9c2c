import { defineConfig } from 'vitest/config';

// Measures time at 100,000 items, so it stands apart from `npm test`: `npm run scale`, on a machine that does nothing else.
export default defineConfig({ test: { include: ['test/**/*.scale.ts'], testTimeout: 120_000, hookTimeout: 120_000 } });
