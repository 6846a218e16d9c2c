import { createContact } from '../contacts.ts';
import type { World } from '../route.ts';
import type { Company, CurrencyCode } from './company.ts';

interface Person {
  readonly name: readonly [first: string, last: string];
  readonly email: string;
  readonly phone: string;
}

interface ContactRow {
  readonly name: string;
  readonly company?: string;
  readonly terms: number;
  readonly currency?: CurrencyCode;
  readonly person: Person;
  readonly address: readonly [street: string, city: string, state: string, zip: string, country: string];
}

const person = (first: string, last: string, email: string, phone: string): Person => ({
  name: [first, last],
  email,
  phone,
});

// Telephone numbers are of the 555-01xx block and mail hosts end in .example: neither can ever reach anybody.
const vendors: readonly ContactRow[] = [
  {
    name: 'AudioTech',
    company: 'AudioTech Inc',
    terms: 30,
    person: person('Dana', 'Whitfield', 'orders@audiotech.example', '408-555-0111'),
    address: ['2100 Zanker Road', 'San Jose', 'CA', '95131', 'USA'],
  },
  {
    name: 'CableWorks',
    company: 'CableWorks LLC',
    terms: 30,
    person: person('Miguel', 'Arroyo', 'sales@cableworks.example', '510-555-0114'),
    address: ['660 Doolittle Drive', 'San Leandro', 'CA', '94577', 'USA'],
  },
  {
    name: 'Nordklang GmbH',
    terms: 45,
    currency: 'EUR',
    person: person('Anke', 'Petersen', 'vertrieb@nordklang.example', '+49 40 555 0117'),
    address: ['Hafenstrasse 41', 'Hamburg', '', '20359', 'Germany'],
  },
  {
    name: 'PaperCo',
    terms: 15,
    person: person('Ruth', 'Ellison', 'service@paperco.example', '415-555-0119'),
    address: ['88 Bayshore Boulevard', 'San Francisco', 'CA', '94124', 'USA'],
  },
  {
    name: 'Harbor Electronics Wholesale',
    terms: 30,
    person: person('Vikram', 'Desai', 'purchasing@harborelectronics.example', '310-555-0122'),
    address: ['1450 Harbor Way', 'Wilmington', 'CA', '90744', 'USA'],
  },
  {
    name: 'Stagecraft Supply',
    terms: 30,
    person: person('Joan', 'Mercer', 'trade@stagecraftsupply.example', '615-555-0126'),
    address: ['309 Peabody Street', 'Nashville', 'TN', '37210', 'USA'],
  },
  {
    name: 'Pacific Fasteners',
    terms: 15,
    person: person('Tom', 'Okada', 'desk@pacificfasteners.example', '253-555-0128'),
    address: ['4120 Industry Drive', 'Fife', 'WA', '98424', 'USA'],
  },
  {
    name: 'Brightline Promotions',
    terms: 0,
    person: person('Carla', 'Nunez', 'hello@brightline.example', '702-555-0131'),
    address: ['5275 Arville Street', 'Las Vegas', 'NV', '89118', 'USA'],
  },
];

const customers: readonly ContactRow[] = [
  {
    name: 'Bluebird Cafe',
    terms: 0,
    person: person('Nora', 'Blake', 'nora@bluebirdcafe.example', '510-555-0140'),
    address: ['412 Grand Avenue', 'Oakland', 'CA', '94610', 'USA'],
  },
  {
    name: 'Bluebird Cafes Ltd',
    terms: 30,
    person: person('Simon', 'Ashworth', 'accounts@bluebirdcafes.example', '415-555-0142'),
    address: ['1900 Market Street', 'San Francisco', 'CA', '94103', 'USA'],
  },
  {
    name: 'Tech Solutions Inc',
    terms: 30,
    person: person('Sarah', 'Johnson', 'sarah.johnson@techsolutions.example', '408-555-0156'),
    address: ['456 Tech Avenue', 'San Jose', 'CA', '95113', 'USA'],
  },
  {
    name: 'Northwind Schools',
    company: 'Northwind Unified School District',
    terms: 60,
    person: person('Alice', 'Duarte', 'supplies@northwindschools.example', '925-555-0147'),
    address: ['75 Civic Drive', 'Walnut Creek', 'CA', '94596', 'USA'],
  },
  {
    name: 'Marble Hotel',
    company: 'Marble Hotel Group',
    terms: 30,
    person: person('Leonard', 'Voss', 'facilities@marblehotel.example', '503-555-0149'),
    address: ['1001 SW Broadway', 'Portland', 'OR', '97205', 'USA'],
  },
  {
    name: 'Test Customer',
    terms: 0,
    person: person('Test', 'Customer', 'test@customer.example', '510-555-0199'),
    address: ['1 Test Street', 'Oakland', 'CA', '94601', 'USA'],
  },
  {
    name: 'Harborview Theater',
    terms: 30,
    person: person('Grace', 'Lindqvist', 'technical@harborview.example', '206-555-0151'),
    address: ['1932 Second Avenue', 'Seattle', 'WA', '98101', 'USA'],
  },
  {
    name: 'Redwood Podcast Studio',
    terms: 15,
    person: person('Eli', 'Marsh', 'eli@redwoodpodcast.example', '707-555-0153'),
    address: ['220 Fourth Street', 'Santa Rosa', 'CA', '95401', 'USA'],
  },
  {
    name: 'Golden Gate Events',
    terms: 30,
    person: person('Priya', 'Raman', 'production@goldengateevents.example', '415-555-0158'),
    address: ['901 Illinois Street', 'San Francisco', 'CA', '94107', 'USA'],
  },
  {
    name: 'Castro Street Records',
    terms: 15,
    person: person('Hugo', 'Bell', 'hugo@castrostreetrecords.example', '650-555-0161'),
    address: ['285 Castro Street', 'Mountain View', 'CA', '94041', 'USA'],
  },
  {
    name: 'Pinecrest Community Church',
    terms: 30,
    person: person('Martha', 'Kline', 'office@pinecrestchurch.example', '916-555-0163'),
    address: ['3300 Auburn Boulevard', 'Sacramento', 'CA', '95821', 'USA'],
  },
  {
    name: 'Sunset Yoga Collective',
    terms: 0,
    person: person('Ines', 'Moreau', 'studio@sunsetyoga.example', '973-555-0165'),
    address: ['58 Halsey Street', 'Newark', 'NJ', '07102', 'USA'],
  },
];

function create(world: World, company: Company, row: ContactRow, contact_type: 'customer' | 'vendor'): string {
  const [address, city, state, zip, country] = row.address;
  const place = { address, street2: '', city, state, zip, country, fax: '' };
  const [first_name, last_name] = row.person.name;
  const { email, phone } = row.person;
  return createContact(world, {
    contact_name: row.name,
    contact_type,
    company_name: row.company ?? row.name,
    payment_terms: row.terms,
    currency_id: company.currencyIds[row.currency ?? 'USD'],
    website: `www.${email.slice(email.indexOf('@') + 1)}`,
    billing_address: place,
    shipping_address: place,
    contact_persons: [{ first_name, last_name, email, phone, is_primary_contact: true }],
  }).contact_id;
}

/** The 8 vendors and 12 customers; their ids by name. */
export function seedContacts(world: World, company: Company): Map<string, string> {
  const ids = new Map<string, string>();
  for (const row of vendors) ids.set(row.name, create(world, company, row, 'vendor'));
  for (const row of customers) ids.set(row.name, create(world, company, row, 'customer'));
  return ids;
}
