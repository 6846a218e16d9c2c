import { continueAfter } from '../engine/numbering.ts';
import type { World } from '../route.ts';
import { createWarehouse } from '../routes/warehouses.ts';
import { addDays, timestamp } from '../zones.ts';
import { foundCompany } from './company.ts';
import { seedContacts } from './contacts.ts';
import { seedDeals } from './crm.ts';
import { type Books, demoEvents } from './events.ts';
import type { Place } from './orders.ts';

const timeZone = 'America/Los_Angeles';

/** The same world on an earlier morning: what is written then carries that day's date and times. */
function worldOn(world: World, day: string): World {
  // Half past five UTC in the afternoon is the morning of the same day in Oakland, in summer and in winter.
  const ms = Date.parse(`${day}T17:30:00Z`);
  return { ...world, now: () => ms, today: () => day, timestamp: () => timestamp(ms, timeZone) };
}

function seedWarehouses(world: World): Map<string, string> {
  const rows: readonly [Place, string, string, string, string][] = [
    ['Oakland', '789 Warehouse Boulevard', 'CA', '94601', '510-555-0188'],
    ['Newark', '120 Doremus Avenue', 'NJ', '07105', '973-555-0189'],
    ['Portland', '2045 NW Front Avenue', 'OR', '97209', '503-555-0190'],
  ];
  return new Map(
    rows.map(([name, address, state, zip, phone]) => {
      const { warehouse_id } = createWarehouse(world, {
        warehouse_name: name,
        attention: 'Warehouse Manager',
        address: { address, street2: '', city: name, state, zip, country: 'USA', phone, fax: '' },
        email: `${name.toLowerCase()}@meridianaudio.example`,
        phone,
        is_primary: name === 'Oakland',
      });
      return [name, warehouse_id];
    }),
  );
}

/**
 * The demo company, Meridian Audio Supply: 40 items, 20 contacts, 3 warehouses and the documents of the last 400 days,
 * counted back from today. Everything is done by the engine's own functions, in the order of its days.
 */
export function seedDemo(world: World): void {
  const first = foundCompany(world, {
    name: 'Meridian Audio Supply',
    contact_name: 'Frances Ibarra',
    email: 'stockroom@meridianaudio.example',
    time_zone: timeZone,
  });
  const today = world.today();
  const founding = worldOn(world, addDays(today, -400));
  const books: Books = {
    company: first,
    contacts: seedContacts(founding, first),
    warehouses: seedWarehouses(founding),
    items: new Map(),
  };
  for (const { daysAgo, happen } of demoEvents(books, today)) happen(worldOn(world, addDays(today, -daysAgo)));
  seedDeals(world);
  continueAfter(world.db, 'SO', 19);
  continueAfter(world.db, 'PO', 9);
  continueAfter(world.db, 'TRN', 3);
}
