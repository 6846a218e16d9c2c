import { expect, onTestFinished, test } from 'vitest';
import { connectors } from '../helpers/clients.ts';
import { temporaryDirectory } from '../helpers/world.ts';

// The jobs that explain, through the built server: they ask for nothing, change nothing, and say once what outsiders wrote.

test.each(['v1', 'v2'] as const)(
  'a %s client has stock explained and orders reviewed without being asked',
  async (era) => {
    const env = { INVENTORY_LOG_LEVEL: 'warn', INVENTORY_DATA_DIR: temporaryDirectory(), INVENTORY_READ_ONLY: '1' };
    const client = await connectors[era]({ env });
    onTestFinished(() => client.close());

    const why = await client.call('explain_stock', { item: 'UCC-2M' });
    expect(why.isError).toBe(false);
    expect(why.facts.message).toContain('on hand 500 = 526 opening stock - 6 shipped - 20 in transit.');

    const moves = await client.call('suggest_transfers', {});
    expect(moves.facts).toMatchObject({ moves: [], still_short: [{ sku: 'SPK-BT', short: 5 }] });

    const review = await client.call('review_pending_orders', {});
    expect(review.facts.message).toContain('6 orders wait longer than 2 days');
    // The note of SO-00018 gives orders to whoever reads it; it comes as data, under a key that is named as such.
    expect(review.text).toMatch(/people outside|typed|data/i);
    expect(review.text).toContain('notes');

    const wrong = await client.call('explain_stock', { item: 'cable' });
    expect(wrong.isError).toBe(true);
    expect(wrong.text).toContain('UCC-1M');
  },
);
