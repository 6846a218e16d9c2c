import { expect } from 'vitest';
import type { InProcess } from '../../scripts/in-process.ts';
import { type Row, rowIn, rowsIn, textIn } from '../../src/workflows/rows.ts';
import { goods, places } from './acts.ts';

type Ask = (tool: string, args: Record<string, unknown>) => Promise<Row>;

const sum = (values: readonly unknown[]): number =>
  Math.round(values.reduce<number>((total, value) => total + Number(value ?? 0), 0) * 1e6) / 1e6;
const number = (value: unknown): number => Number(value ?? 0);

/** Reads everything that tells a figure of stock and holds each to the others. */
export async function expectAgreement(world: InProcess): Promise<void> {
  const ask: Ask = async (tool, args) => {
    const { facts, isError, text } = await world.call(tool, args);
    if (isError) throw new Error(`${tool} ${JSON.stringify(args)}: ${text}`);
    return facts;
  };
  const report = async (name: string) => ask('get_report', { name, limit: 500 });
  const [summary, onHand, valuation, perWarehouse] = [
    await report('inventory-summary'),
    await report('stock-on-hand'),
    await report('inventory-valuation'),
    await report('warehouse-summary'),
  ];
  for (const sku of goods) await expectItem(ask, sku, rowsIn(summary, 'rows'), rowsIn(onHand, 'rows'));
  expectWarehouses(rowsIn(perWarehouse, 'rows'), rowsIn(onHand, 'rows'));
  const worth = (of: Row) => rowIn(rowIn(of, 'report'), 'totals');
  expect(number(worth(perWarehouse).asset_value), 'value by warehouse').toBe(
    sum(rowsIn(valuation, 'rows').map((row) => row.asset_value)),
  );
  expect(sum(rowsIn(summary, 'rows').map((row) => row.asset_value)), 'value by item').toBeLessThanOrEqual(
    number(worth(perWarehouse).asset_value),
  );
  await expectDay(ask);
  await expectReview(ask);
  await expectMoves(world, ask);
}

async function expectItem(ask: Ask, sku: string, summary: Row[], byPlace: Row[]): Promise<void> {
  const whole = summary.find((row) => row.sku === sku) ?? {};
  const [listed = {}] = rowsIn(await ask('list_items', { sku }), 'items').filter((row) => row.sku === sku);
  const [checked = {}] = rowsIn(await ask('check_stock', { items: [{ item: sku }] }), 'items');
  const said = await ask('explain_stock', { item: sku, movements: 100 });
  const figures = [whole.quantity_available, whole.quantity_demanded, whole.quantity_available_for_sale].map(number);
  const inAll = (row: Row, ...keys: string[]) => keys.map((key) => number(row[key]));
  expect(inAll(listed, 'stock_on_hand', 'committed_stock', 'available_stock'), `list ${sku}`).toEqual(figures);
  expect(inAll(checked, 'on_hand', 'committed', 'can_be_promised'), `check ${sku}`).toEqual(figures);
  expect(inAll(said, 'on_hand', 'committed', 'available'), `explain ${sku}`).toEqual(figures);
  expect(inAll(said, 'on_order', 'in_transit'), `coming ${sku}`).toEqual(
    inAll(whole, 'quantity_ordered', 'quantity_in_transit'),
  );
  expect(textIn(said, 'message'), sku).not.toMatch(/add up|more than were read/);
  const movements = rowsIn(said, 'movements');
  expect(number(movements.at(-1)?.balance), `last balance ${sku}`).toBe(figures[0]);
  expect(sum(rowsIn(said, 'promised').map(({ quantity }) => quantity)), `promised ${sku}`).toBe(figures[1]);
  expect(sum(rowsIn(said, 'coming').map(({ quantity }) => quantity)), `coming ${sku}`).toBe(
    sum([whole.quantity_ordered, whole.quantity_in_transit]),
  );
  for (const place of places) {
    const row = byPlace.find((one) => one.sku === sku && one.warehouse_name === place) ?? {};
    const here = inAll(row, 'on_hand', 'committed', 'available');
    const [there = {}] = rowsIn(await ask('check_stock', { items: [{ item: sku, warehouse: place }] }), 'items');
    // No warehouse can promise more than the item has in all: elsewhere it may be promised.
    expect(inAll(there, 'on_hand', 'committed'), `check ${sku} ${place}`).toEqual(here.slice(0, 2));
    expect(number(there.can_be_promised), `check ${sku} ${place}`).toBe(
      Math.min(here[2] ?? 0, Math.max(0, figures[2] ?? 0)),
    );
    const at = await ask('explain_stock', { item: sku, warehouse: place, movements: 100 });
    expect(inAll(at, 'on_hand', 'committed', 'available'), `explain ${sku} ${place}`).toEqual(here);
    expect(number(rowsIn(at, 'movements').at(-1)?.balance), `last balance ${sku} ${place}`).toBe(here[0]);
    expect(textIn(at, 'message'), `${sku} ${place}`).not.toMatch(/add up|more than were read/);
  }
}

function expectWarehouses(rows: Row[], byPlace: Row[]): void {
  for (const place of places) {
    const row = rows.find(({ name }) => name === place) ?? {};
    const own = byPlace.filter((one) => one.warehouse_name === place);
    for (const key of ['on_hand', 'committed', 'available'])
      for (const unit of new Set(own.map((one) => textIn(one, 'unit')))) {
        const all = sum(own.filter((one) => one.unit === unit).map((one) => one[key]));
        expect(number(rowIn(row, key)[unit]), `${place} ${key} ${unit}`).toBe(all);
      }
  }
}

/** The reports of the day count as the lists behind them do. Every order of the week is older than its day. */
async function expectDay(ask: Ask): Promise<void> {
  const said = textIn(await ask('daily_report', {}), 'message');
  const waiting = textIn(await ask('review_pending_orders', { older_than_days: 0 }), 'message');
  const countIn = (text: string, step: string): number => Number(new RegExp(`(\\d+) ${step}\\b`).exec(text)?.[1] ?? 0);
  for (const step of ['to confirm', 'to ship', 'to deliver'])
    expect(countIn(said, step), `${step}: ${said} against ${waiting}`).toBe(countIn(waiting, step));
  const toPack = countIn(waiting, 'to pack') + countIn(waiting, 'partially shipped');
  expect(countIn(said, 'to pack'), `to pack: ${said} against ${waiting}`).toBe(toPack);
  const low = await ask('get_report', { name: 'low-stock', limit: 500 });
  const alert = textIn(await ask('low_stock_alert', {}), 'message');
  expect(countIn(alert, 'items? (?:is|are) at'), alert).toBe(rowsIn(low, 'rows').length);
  expect(countIn(said, 'items? (?:is|are) at'), said).toBe(rowsIn(low, 'rows').length);
  expect(countIn(alert, '(?:is|are) promised'), alert).toBe(rowsIn(low, 'shortages').length);
}

/** What the review says an order lacks is what the order itself is said to wait for. */
async function expectReview(ask: Ask): Promise<void> {
  const review = await ask('review_pending_orders', { older_than_days: 0 });
  for (const row of rowsIn(review, 'orders')) {
    if (row.step !== 'to pack' && row.step !== 'partially shipped') continue;
    const said = await ask('when_available', { sales_order: row.salesorder_number });
    const lacks = textIn(row, 'blocked_by').match(/[\d.]+ \S+ short/g) ?? [];
    const short = new Map<string, number>();
    for (const line of rowsIn(said, 'lines'))
      if (number(line.short_now) > 0)
        short.set(`${line.sku} ${line.warehouse}`, sum([short.get(`${line.sku} ${line.warehouse}`), line.short_now]));
    const words = [...short].map(([key, quantity]) => `${quantity} ${key.split(' ')[0]} short`);
    expect([...lacks].sort(), `${row.salesorder_number}: ${row.blocked_by} against ${textIn(said, 'message')}`).toEqual(
      words.sort(),
    );
  }
}

/** A move that is suggested can be made. */
async function expectMoves(world: InProcess, ask: Ask): Promise<void> {
  const { moves } = await ask('suggest_transfers', {});
  for (const move of rowsIn({ moves }, 'moves')) {
    const items = rowsIn(move, 'lines').map(({ item_id, quantity }) => ({ item: item_id, quantity }));
    const { from_warehouse_id: from, to_warehouse_id: to } = move;
    const answer = await world.call('move_stock', { from, to, items });
    expect(answer.isError, answer.text).toBe(false);
  }
}
