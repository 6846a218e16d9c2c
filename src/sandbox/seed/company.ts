import { sandboxOrganizationId } from '../credentials.ts';
import type { World } from '../route.ts';
import { createWarehouse } from '../routes/warehouses.ts';

// Rates to the US dollar, times 1e6; fixed, so that every world counts the same. Only the euro's is given by the books.
const currencies = [
  { code: 'USD', symbol: '$', minor_digits: 2, rate_micro: 1_000_000 },
  { code: 'EUR', symbol: '€', minor_digits: 2, rate_micro: 1_100_000 },
  { code: 'GBP', symbol: '£', minor_digits: 2, rate_micro: 1_280_000 },
  { code: 'JPY', symbol: '¥', minor_digits: 0, rate_micro: 6_700 },
] as const;

export type CurrencyCode = (typeof currencies)[number]['code'];

export interface Company {
  readonly currencyIds: Readonly<Record<CurrencyCode, string>>;
  readonly salesTaxId: string;
}

interface CompanyOptions {
  readonly name: string;
  readonly contact_name: string;
  readonly email: string;
  readonly time_zone: string;
}

/** Organization, currencies and the 8.5 % sales tax; no warehouse yet. */
export function foundCompany(world: World, { name, contact_name, email, time_zone }: CompanyOptions): Company {
  const { db } = world;
  const currencyIds = { USD: '', EUR: '', GBP: '', JPY: '' };
  for (const { code, symbol, minor_digits, rate_micro } of currencies) {
    currencyIds[code] = world.nextId();
    db.prepare('INSERT INTO currency VALUES (?, ?, ?, ?, ?)').run(
      currencyIds[code],
      code,
      symbol,
      minor_digits,
      rate_micro,
    );
  }
  const salesTaxId = world.nextId();
  db.prepare('INSERT INTO tax VALUES (?, ?, ?)').run(salesTaxId, 'Sales Tax', 8_500_000);
  db.prepare('INSERT INTO organization VALUES (?, ?, ?, ?, ?, ?, ?, ?)').run(
    sandboxOrganizationId,
    name,
    time_zone,
    currencyIds.USD,
    'USD',
    2,
    contact_name,
    email,
  );
  return { currencyIds, salesTaxId };
}

/** A company with nothing in it: organization, currencies, sales tax and one primary warehouse. */
export function seedEmpty(world: World): Company {
  const company = foundCompany(world, {
    name: 'New Company',
    contact_name: 'Owner',
    email: 'owner@example.com',
    time_zone: 'America/Los_Angeles',
  });
  createWarehouse(world, { warehouse_name: 'Main Warehouse', is_primary: true });
  return company;
}
