import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { effectOf } from '../../src/operations/define.ts';
import { operations } from '../../src/operations/index.ts';
import { workflows } from '../../src/workflows/index.ts';
import { type ClientOptions, connectV1, connectV2, type TestClient, type ToolResult } from '../helpers/clients.ts';
import { clickable, hostileTexts, unseenIn } from '../helpers/hostile.ts';
import { type Planted, plantFile } from '../helpers/planted.ts';
import { spawnRaw } from '../helpers/raw.ts';

// One company file for all tests here: planting takes seconds, and what is asked of it below only reads or asks first.
const mark = 'Mk7Hx';
const texts = [...hostileTexts(mark), `${mark}: ${'endless, '.repeat(11_000)}`];
const folder = mkdtempSync(join(tmpdir(), 'hostile-'));
const file = join(folder, 'company.sqlite');
let planted: Planted[] = [];
beforeAll(async () => {
  planted = await plantFile(file, texts, Date.now);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const env = (name: string) => ({
  INVENTORY_SANDBOX_DATA: file,
  INVENTORY_DATA_DIR: join(folder, name),
  INVENTORY_LOG_LEVEL: 'warn',
  // Asked about, and never sent to.
  INVENTORY_ALERT_WEBHOOK: 'http://127.0.0.1:9/',
});

async function connected(name: string, connect = connectV1, options: ClientOptions = {}): Promise<TestClient> {
  const client = await connect({ env: env(name) }, options);
  onTestFinished(() => client.close());
  return client;
}

/** How the lines of the texts begin; no line of ours may begin so. */
const beginnings = texts.flatMap((text) =>
  text
    .split(/[\r\n\u2028\u2029]+/)
    .map((line) => line.replace(/\p{C}|\p{M}/gu, '').trim())
    .filter((line) => line.length > 5)
    .map((line) => line.slice(0, 14)),
);

const strings = (value: unknown, path: readonly string[] = []): { path: readonly string[]; text: string }[] => {
  if (typeof value === 'string') return [{ path, text: value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, entry]) => [
    ...(Array.isArray(value) ? [] : [{ path, text: key }]),
    ...strings(entry, Array.isArray(value) ? path : [...path, key]),
  ]);
};

/** Every mark stands between double quotes. */
const isQuoted = (text: string): boolean =>
  text
    .split(mark)
    .slice(0, -1)
    .every(
      (_, index, parts) =>
        (parts
          .slice(0, index + 1)
          .join('')
          .split('"').length -
          1) %
          2 ===
        1,
    );

/** Our own words, in which typed text is quoted. */
const ours = ['summary', 'preview', 'changed', 'message', 'note', 'next'];

/** What is wrong with this answer, in words; nothing where all that was planted stands as data. */
function faultsOf(facts: Record<string, unknown>, text: string): string[] {
  const faults: string[] = [];
  const { error } = facts as { error?: { message?: string; typed_by_others?: string[] } };
  const told = new Set([facts.typed_by_others, error?.typed_by_others].flatMap((keys) => (keys ?? []) as string[]));
  for (const { path, text: value } of strings(facts)) {
    const key = path.at(-1) ?? '';
    if (unseenIn(value))
      faults.push(`unseen characters under ${path.join('.')}: ${JSON.stringify(value.slice(0, 80))}`);
    if (!value.includes(mark)) continue;
    if (['next', 'status', 'confirmation', 'kind'].includes(key)) faults.push(`typed text under ${path.join('.')}`);
    const isData = path.some((part) => told.has(part));
    if (!isData && !isQuoted(value)) faults.push(`not marked, not quoted: ${path.join('.')}: ${value.slice(0, 160)}`);
    if (ours.includes(path[0] ?? '') && value.includes('\n')) faults.push(`a line break in ${path.join('.')}`);
  }
  const page = [ours.map((key) => facts[key]), error?.message].flat(2).join('\n');
  const made = page.includes(mark) ? clickable(page).filter((tag) => !tag.includes('href="mailto:')) : [];
  if (made.length > 0) faults.push(`${made[0]} of ${page.slice(0, 200)}`);
  if (unseenIn(text)) faults.push(`unseen characters in the text: ${JSON.stringify(unseenIn(text))}`);
  for (const line of text.split('\n'))
    for (const begin of beginnings)
      if (line.trimStart().startsWith(begin)) faults.push(`a line begins: ${line.slice(0, 80)}`);
  return faults;
}

/** A fault of any of the answers is told with its call. */
function collect() {
  const faults: string[] = [];
  const shown = new Map<string, number>();
  const look = (call: string, { facts, text }: Pick<ToolResult, 'facts' | 'text'>) => {
    const [tool = ''] = call.split(' ');
    if (text.includes(mark)) shown.set(tool, (shown.get(tool) ?? 0) + 1);
    faults.push(...faultsOf(facts, text).map((fault) => `${call}: ${fault}`));
  };
  return { look, faults, shown };
}

type Facts = Record<string, unknown>;
type Ask = readonly [tool: string, args: Record<string, unknown>];

async function askAll(client: TestClient, asks: readonly Ask[]) {
  const { look, faults, shown } = collect();
  const statuses = new Map<string, Set<unknown>>();
  for (const [tool, args] of asks) {
    const result = await client.call(tool, args);
    const kind = (result.facts.error as { kind?: string } | undefined)?.kind;
    statuses.set(tool, (statuses.get(tool) ?? new Set()).add(kind ?? result.facts.status ?? 'done'));
    look(`${tool} ${JSON.stringify(args).slice(0, 120)}`, result);
  }
  return { faults, shown, statuses };
}

const records: Readonly<Record<string, readonly [kind: string, id: string]>> = {
  get_item: ['item', 'item_id'],
  get_item_stock: ['item', 'item_id'],
  get_item_transaction_history: ['item', 'item_id'],
  get_composite_item: ['kit', 'item_id'],
  get_contact: ['customer', 'contact_id'],
  get_warehouse: ['warehouse', 'warehouse_id'],
  list_warehouse_items: ['warehouse', 'warehouse_id'],
  get_sales_order: ['packed', 'salesorder_id'],
  list_sales_order_shipments: ['shipped', 'salesorder_id'],
  get_package: ['parcel', 'package_id'],
  get_packing_slip: ['parcel', 'package_id'],
  get_purchase_order: ['issued', 'purchaseorder_id'],
  get_stock_adjustment: ['adjustment', 'inventory_adjustment_id'],
  get_transfer: ['transfer', 'transfer_id'],
};

const recordReads = (): Ask[] =>
  Object.entries(records).flatMap(([tool, [kind, id]]) => planted.map(({ ids }): Ask => [tool, { [id]: ids[kind] }]));

const reads = operations.filter(({ effect }) => effect === 'read').map(({ name }) => name);

/** Lists and reports: as they come, long, and with a name as the only field, which then stands first in its row. */
const listReads = (): Ask[] =>
  reads
    .filter((name) => !(name in records))
    .flatMap((name): Ask[] => [
      [name, {}],
      ...(/^list_|valuation/.test(name) ? ([200, 2].map((per_page) => [name, { per_page }]) as Ask[]) : []),
    ]);

const reportNames = [
  ...['inventory-summary', 'inventory-valuation', 'stock-on-hand', 'low-stock', 'sales-by-item', 'sales-by-customer'],
  ...['purchases-by-vendor', 'warehouse-summary', 'item-transactions', 'aging'],
];

describe('text that outsiders typed', { timeout: 240_000 }, () => {
  test('comes out of every read as data: marked, visible, and never at the beginning of a line', async () => {
    const client = await connected('reads');
    const named: Ask[] = [
      ...planted.map(
        ({ ids }): Ask => ['check_stock', { items: [{ item: ids.item, quantity: 900 }, { item: ids.kit }] }],
      ),
      ...texts.map((text): Ask => ['check_stock', { items: [{ item: text.slice(0, 150) }] }]),
      ...planted.flatMap(({ ids }): Ask[] => [
        ['when_available', { sales_order: ids.confirmed }],
        ['when_available', { item: ids.item, quantity: 900 }],
        ['when_available', { item: ids.kit, quantity: 900 }],
      ]),
      ['chase_late_purchases', {}],
      ...planted.flatMap(({ ids }): Ask[] => [
        ['find_items', { text: ids.item }],
        ['find_contacts', { text: ids.customer }],
        ['find_orders', { party: ids.customer }],
        ['get_record', { kind: 'item', record: ids.item }],
        ['get_record', { kind: 'sales_order', record: ids.confirmed }],
        ['explain_stock', { item: ids.item }],
      ]),
      ...texts.map((text): Ask => ['find_items', { text: text.slice(0, 150) }]),
      ['review_pending_orders', { older_than_days: 0 }],
      ['suggest_transfers', { keep: 5 }],
      ...['text', 'markdown', 'html'].flatMap((format): Ask[] => [
        ['daily_report', { format }],
        ['low_stock_alert', { format }],
      ]),
      ['export_items', {}],
      ['list_items', { fields: ['name'], per_page: 200 }],
      ['list_contacts', { fields: ['contact_name'], per_page: 200 }],
      ['list_sales_orders', { fields: ['customer_name'], per_page: 200 }],
    ];
    const { faults, shown } = await askAll(client, [...listReads(), ...recordReads(), ...named]);
    expect(faults).toEqual([]);
    const jobs = workflows.filter((workflow) => 'read' in workflow).map(({ name }) => name);
    const silent = [...reads, ...jobs].filter((name) => !shown.has(name));
    // No text of others is in these: the operator's own company, and a file, of which only name and size are told. Nor in
    // these two here: older orders fill the list of the one, and what the other moves is named by SKU.
    const jobsWithout = ['review_pending_orders', 'suggest_transfers'];
    expect(silent.sort()).toEqual(['get_packing_slip', 'list_organizations', ...jobsWithout]);
  });

  test('comes out of every report as data, and as Markdown makes nothing that can be clicked or fetched', async () => {
    const client = await connected('reports');
    const { look, faults, shown } = collect();
    for (const name of reportNames) {
      const item = name === 'item-transactions' ? { item: planted[0]?.ids.item } : {};
      const query = item.item === undefined ? '' : `item=${item.item}&`;
      look(`${name} json`, await client.call('get_report', { name, limit: 200, ...item }));
      const uri = `inventory://reports/${name}?${query}`;
      look(`${name} resource`, asResult(await client.read(`${uri}format=json`)));
      const tool = await client.call('get_report', { name, limit: 200, format: 'markdown', ...item });
      for (const page of [tool.text, (await client.read(`${uri}format=markdown`)).text]) {
        expect(clickable(page), name).toEqual([]);
        expect(unseenIn(page), name).toBeNull();
        look(`${name} markdown`, { facts: {}, text: page });
      }
    }
    expect(faults).toEqual([]);
    expect([...shown.keys()].sort()).toEqual([...reportNames].sort());
  });

  test('comes out of every record that is a resource as data, and completions answer ids alone', async () => {
    const client = await connected('resources');
    const { look, faults, shown } = collect();
    const kinds = { items: 'item', salesorders: 'draft', purchaseorders: 'issued', packages: 'parcel' };
    const rest = { warehouses: 'warehouse', contacts: 'vendor', transfers: 'transfer' };
    for (const [kind, of] of Object.entries({ ...kinds, ...rest })) {
      for (const { ids } of planted) look(kind, asResult(await client.read(`inventory://${kind}/${ids[of]}`)));
      const [template = ''] = (await client.templates()).filter((uri) => uri.startsWith(`inventory://${kind}/`));
      const variable = /\{(\w+)\}/.exec(template)?.[1] ?? '';
      const found = await client.complete(template, variable, mark);
      expect(found.length, kind).toBeGreaterThan(0);
      for (const id of found) expect(id).toMatch(/^\d+$/);
    }
    expect(faults).toEqual([]);
    expect([...shown.keys()].sort()).toEqual(Object.keys({ ...kinds, ...rest }).sort());
  });

  test('stands in every preview between quotes, on one line, with nothing to click', async () => {
    const client = await connected('previews');
    const { faults, shown, statuses } = await askAll(client, planted.flatMap(gatedCalls));
    expect(faults).toEqual([]);
    const gated = operations.filter((operation) => /stock|commit|destroy|outward/.test(effectOf(operation, {})));
    const writing = workflows.filter((workflow) => 'plan' in workflow);
    for (const { name } of [...gated, ...writing]) {
      expect(statuses.get(name), name).toContain('confirmation_required');
      expect(shown.get(name), name).toBeGreaterThan(0);
    }
    // What the model is told to go by is still only ours.
    expect(client.instructions()).not.toContain(mark);
    expect(JSON.stringify(await client.tools())).not.toContain(mark);
  });

  test('stands in the message of a form as in a preview', async () => {
    const client = await connected('forms', connectV2, { onForm: () => ({ action: 'decline' }) });
    for (const { ids } of planted) {
      await client.call('delete_item', { item_id: ids.item });
      await client.call('void_sales_order', { salesorder_id: ids.confirmed });
      await client.call('ship_package', { package_id: ids.parcel, carrier: 'FedEx' });
    }
    expect(client.forms).toHaveLength(3 * planted.length);
    const faults = client.forms.flatMap((message) => faultsOf({ preview: message.split('\n') }, message));
    expect(faults).toEqual([]);
    expect(client.forms.filter((message) => message.includes(mark)).length).toBeGreaterThan(2 * texts.length);
  });
});

describe('jobs about hostile records', { timeout: 120_000 }, () => {
  test('tell their progress, their results and what was done before without giving typed text a voice', async () => {
    const own = join(folder, 'jobs.sqlite');
    const some = await plantFile(own, texts.slice(0, 8), Date.now);
    const server = spawnRaw({ env: { INVENTORY_SANDBOX_DATA: own, INVENTORY_CONFIRM: 'token' } });
    await server.initialize();
    const { look, faults } = collect();
    const ask = async (name: string, args: Record<string, unknown>) => {
      const params = { name, arguments: args, _meta: { progressToken: `${name} ${server.messages.length}` } };
      const { result = {} } = await server.request('tools/call', params);
      const { structuredContent: facts = {}, content } = result as {
        structuredContent?: Facts;
        content: { text: string }[];
      };
      look(`${name} ${JSON.stringify(args).slice(0, 100)}`, { facts, text: content[0]?.text ?? '' });
      return facts;
    };
    const run = async (name: string, args: Record<string, unknown>) => {
      const { confirmation, summary, status } = await ask(name, args);
      if (status !== 'confirmation_required') return;
      await ask('confirm_action', { confirmation, summary });
      await ask('confirm_action', { confirmation, summary });
    };
    for (const { ids } of some) {
      const items = [{ item: ids.item, quantity: 1 }];
      await run('place_sales_order', { customer: ids.customer, items });
      await run('place_sales_order', { customer: ids.customer, items });
      await run('place_order_from_deal', { deal_id: ids.deal, if_short: 'partial' });
      await run('place_order_from_deal', { deal_id: ids.deal });
      await run('fulfil_sales_order', { sales_order: ids.draft, carrier: 'FedEx' });
      await run('fulfil_sales_order', { sales_order: ids.draft, carrier: 'FedEx' });
      await run('reorder_low_stock', { items: [{ item: ids.low }] });
      await run('set_stock_levels', { rows: [{ item: ids.item, quantity: 900 }] });
      await run('move_stock', { from: 'Oakland', to: ids.warehouse, items, receive: true });
      await run('void_sales_order', { salesorder_id: ids.draft });
    }
    expect(faults).toEqual([]);
    const told = server.messages.flatMap(({ method, params }) =>
      method === 'notifications/progress' ? [String(params?.message)] : [],
    );
    expect(told.filter((message) => message.includes(mark)).length).toBeGreaterThan(some.length);
    for (const message of told) {
      expect(message).not.toContain('\n');
      expect(unseenIn(message)).toBeNull();
      expect(isQuoted(message), message).toBe(true);
    }
    expect(server.stderr()).not.toContain(mark);
  });
});

const asResult = ({ text }: { text: string }) => ({ facts: JSON.parse(text) as Record<string, unknown>, text });

/** One call or more of every tool that asks first, about the records of one text. */
function gatedCalls({ ids, text }: Planted): Ask[] {
  const said = text.slice(0, 150);
  const order = { salesorder_id: ids.confirmed };
  const bought = { purchaseorder_id: ids.issued };
  const mail = { to_mail_ids: ['ann@mail.example'], subject: said, body: text.slice(0, 5_000) };
  const other = { item_id: ids.low, quantity: 1 };
  return [
    ['update_item', { item_id: ids.item, unit: 'box', name: said }],
    ['delete_item', { item_id: ids.item }],
    ['deactivate_item', { item_id: ids.item }],
    ['delete_item_image', { item_id: ids.item }],
    ['update_composite_item', { item_id: ids.kit, mapped_items: [other] }],
    ['delete_composite_item', { item_id: ids.kit }],
    ['update_contact', { contact_id: ids.customer, email: 'new@mail.example', billing_address: { city: said } }],
    ['update_contact', { contact_id: ids.customer, contact_persons: [], custom_fields: [] }],
    ['delete_contact', { contact_id: ids.customer }],
    ['delete_warehouse', { warehouse_id: ids.warehouse }],
    ['deactivate_warehouse', { warehouse_id: ids.warehouse }],
    [
      'create_stock_adjustment',
      { reason: said, line_items: [{ item_id: ids.item, quantity_adjusted: 1, description: said }] },
    ],
    [
      'update_stock_adjustment',
      {
        inventory_adjustment_id: ids.adjustment,
        reason: said,
        line_items: [{ item_id: ids.item, quantity_adjusted: 2 }],
      },
    ],
    ['delete_stock_adjustment', { inventory_adjustment_id: ids.adjustment }],
    ['send_transfer', { transfer_id: ids.transfer }],
    ['delete_transfer', { transfer_id: ids.transfer }],
    ['receive_transfer', { transfer_id: ids.sent }],
    [
      'receive_purchase_order',
      { ...bought, notes: said, line_items: [{ line_item_id: ids.boughtLine, quantity_received: 1 }] },
    ],
    ['receive_delivery', { purchase_order: ids.issued, notes: said }],
    ['receive_delivery', { purchase_order: ids.issued, lines: [{ item: ids.kit, quantity: 2 }] }],
    ['void_sales_order', order],
    ['delete_sales_order', { salesorder_id: ids.draft }],
    ['update_sales_order', { ...order, line_items: [other], notes: said }],
    ['email_sales_order', { ...order, ...mail }],
    ['update_purchase_order', { ...bought, line_items: [{ ...other, quantity: 400 }] }],
    ['delete_purchase_order', { purchaseorder_id: ids.bought }],
    ['issue_purchase_order', { purchaseorder_id: ids.bought }],
    ['cancel_purchase_order', bought],
    ['email_purchase_order', { ...bought, ...mail }],
    ['delete_package', { package_id: ids.parcel }],
    ['ship_package', { package_id: ids.parcel, carrier: said.slice(0, 90), tracking_number: said.slice(0, 90) }],
    ['create_shipment_order', { salesorder_id: ids.packed, package_ids: [ids.parcel], carrier: said.slice(0, 90) }],
    ['place_sales_order', { customer: ids.customer, items: [{ item: ids.item, quantity: 900 }] }],
    [
      'place_sales_order',
      { customer: ids.customer, items: [{ item: ids.item, quantity: 900 }], if_short: 'backorder', notes: said },
    ],
    ['place_sales_order', { customer: said, items: [{ item: ids.item, quantity: 1 }] }],
    ['place_order_from_deal', { deal_id: ids.deal }],
    ['place_order_from_deal', { deal_id: ids.deal, if_short: 'partial' }],
    [
      'place_order_from_deal',
      {
        deal: {
          ...{ id: '4711', name: said, contact: { name: said, company: said, phone: said.slice(0, 40) } },
          products: [
            { code: ids.item, quantity: 1 },
            { code: said, name: said, quantity: 1 },
          ],
        },
        if_short: 'backorder',
      },
    ],
    ['fulfil_sales_order', { sales_order: ids.confirmed, carrier: said.slice(0, 90), notes: said }],
    [
      'amend_order',
      {
        order: ids.confirmed,
        lines: [{ item: ids.item, quantity: 900 }],
        reference_number: said.slice(0, 90),
        notes: said,
      },
    ],
    [
      'amend_order',
      {
        order: ids.issued,
        lines: [
          { item: ids.item, quantity: 900 },
          { item: ids.low, quantity: 1 },
        ],
      },
    ],
    ['amend_order', { order: said.slice(0, 90), lines: [{ item: said, quantity: 1 }] }],
    ['record_return', { sales_order: ids.shipped, lines: [{ item: ids.item, quantity: 1 }] }],
    ['record_return', { sales_order: ids.shipped, lines: [{ item: said, quantity: 1, warehouse: said }] }],
    ['reorder_low_stock', { items: [{ item: ids.low }, { item: ids.item }] }],
    ['send_low_stock_alert', {}],
    ['import_items', { rows: [{ sku: `NEW-${ids.item}`, name: said.slice(0, 90), rate: '3' }] }],
    ['import_items', { csv: said }],
    ['update_prices', { prices: [{ item: ids.item, rate: 77 }] }],
    [
      'set_stock_levels',
      {
        rows: [
          { item: ids.item, quantity: 900 },
          { item: ids.item, quantity: 900, warehouse: ids.warehouse },
          { item: said, quantity: 1 },
          { item: ids.item, quantity: 1, warehouse: said },
        ],
        skip_bad: true,
        reason: said,
      },
    ],
    ['set_stock_levels', { csv: said }],
    ['set_stock_levels', { csv: `sku,quantity,"${said.replaceAll('"', '""')}"\n${ids.item},900,1` }],
    ['move_stock', { from: 'Oakland', to: ids.warehouse, items: [{ item: ids.item, quantity: 1 }] }],
    ['move_stock', { from: 'Oakland', to: ids.warehouse, items: [{ item: ids.item, quantity: 9_000 }] }],
    ['move_stock', { from: said, to: ids.warehouse, items: [{ item: said, quantity: 1 }] }],
  ];
}
