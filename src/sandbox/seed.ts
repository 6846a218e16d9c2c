import { findOrganization } from './engine/directory.ts';
import { prepareTables } from './engine/schema.ts';
import type { World } from './route.ts';
import { seedEmpty } from './seed/company.ts';
import { seedDemo } from './seed/demo.ts';

export { seedDemo, seedEmpty };

/**
 * Puts schema and seed in place, in one transaction, so that of several processes that open a new file one seeds it. A
 * database that has an organization is left as it is, whatever its seed was.
 */
export function prepareDatabase(world: World, seed: 'demo' | 'empty'): void {
  world.db.transaction(() => {
    prepareTables(world.db);
    if (findOrganization(world.db)) return;
    if (seed === 'demo') seedDemo(world);
    else seedEmpty(world);
  });
}
