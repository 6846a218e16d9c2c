import { addCrmDeal, type CrmDeal } from '../crm.ts';
import type { World } from '../route.ts';

// Ids of the CRM are its own; fixed, so that the inventory's ids are the same with and without deals.
const idOf = (kind: 'deal' | 'contact' | 'product', number: number): string =>
  `58431040000005${{ deal: 67, contact: 12, product: 31 }[kind]}${String(number).padStart(3, '0')}`;

interface Row {
  readonly name: string;
  readonly contact: readonly [first: string, last: string, email: string, phone: string, account: string];
  readonly amount: number;
  readonly products: readonly (readonly [code: string, name: string, quantity: number, price: number])[];
}

/** One that can be ordered whole, one with a code nobody knows and a short line, and one of a customer who is new. */
const rows: readonly Row[] = [
  {
    name: 'Terrace sound',
    contact: ['Nora', 'Blake', 'nora@bluebirdcafe.example', '510-555-0140', 'Bluebird Cafe'],
    amount: 397.9,
    products: [
      ['WBH-001', 'Wireless Bluetooth Headphones', 4, 79.99],
      ['UCC-2M', 'USB-C Cable 2 m', 6, 12.99],
    ],
  },
  {
    name: 'Foyer refit',
    contact: ['Grace', 'Lindqvist', 'technical@harborview.example', '206-555-0151', 'Harborview Theater'],
    amount: 987.7,
    products: [
      ['DMAT', 'Desk Mat', 10, 24.99],
      ['MIC-XLR-9', 'Stage Microphone', 2, 239],
      ['UCC-1M', 'USB-C Cable 1 m', 20, 12.99],
    ],
  },
  {
    name: 'Opening night',
    contact: ['Lucia', 'Ortega', 'lucia@cafeazul.example', '510-555-0177', 'Cafe Azul'],
    amount: 208.95,
    products: [
      ['MUG', 'Logo Mug', 12, 12],
      ['UCC-1M', 'USB-C Cable 1 m', 5, 12.99],
    ],
  },
];

function dealOf({ name, contact, amount, products }: Row, number: number, today: string): CrmDeal {
  const [First_Name, Last_Name, Email, Phone, account] = contact;
  const Full_Name = `${First_Name} ${Last_Name}`;
  const id = idOf('contact', number);
  const Account_Name = { name: account, id: `${id}9` };
  return {
    contact: { id, First_Name, Last_Name, Full_Name, Email, Phone, Account_Name },
    deal: {
      ...{ id: idOf('deal', number), Deal_Name: name, Stage: 'Closed Won', Amount: amount, Currency: 'USD' },
      ...{ Closing_Date: today, Contact_Name: { name: Full_Name, id }, Account_Name },
      ...{ Inventory_SO_ID: null, Inventory_Status: null },
    },
    products: products.map(([Product_Code, Product_Name, Quantity, Unit_Price], index) => ({
      ...{ id: idOf('product', number * 10 + index), Product_Code, Product_Name, Quantity, Unit_Price },
      Product_Active: true,
    })),
  };
}

/** Three deals won in the CRM and not ordered yet. They touch no stock and no document. */
export function seedDeals(world: World): void {
  const today = world.today();
  for (const [index, row] of rows.entries()) addCrmDeal(world, dealOf(row, index + 1, today));
}
