import { directorySchema, findOrganization } from './engine/directory.ts';
import { engineSchema } from './engine/schema.ts';
import type { World } from './route.ts';
import { seedEmpty } from './seed/company.ts';

export { seedEmpty };

/** Puts schema and seed in place. A database that has an organization is left as it is, whatever its seed was. */
export function prepareDatabase(world: World, seed: 'demo' | 'empty'): void {
  world.db.transaction(() => {
    world.db.exec(directorySchema);
    world.db.exec(engineSchema);
    if (findOrganization(world.db)) return;
    seedEmpty(world);
    void seed;
  });
}
