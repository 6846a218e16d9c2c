import { defineConfig } from 'vitest/config';

// Measures time and memory at 100,000 items, so it stands apart from `npm test`: `npm run scale`.
export default defineConfig({ test: { include: ['test/**/*.scale.ts'], testTimeout: 120_000, hookTimeout: 600_000 } });
