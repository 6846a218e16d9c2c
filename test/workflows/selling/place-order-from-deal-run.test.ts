import { describe, expect, test } from 'vitest';
import { Cancelled, PartlyDone, Rejected } from '../../../src/errors.ts';
import type { Input } from '../../../src/operations/define.ts';
import { errorOf, job, list, opening, terrace, written } from '../deals.ts';
import { demoWorld } from '../demo-world.ts';
import { interrupt } from '../interrupt.ts';

describe('a step that fails', () => {
  const refused = () => Promise.reject(new Rejected('Not today.'));
  const stopAt = async (call: string, input: Input = { deal_id: opening }) => {
    const world = demoWorld();
    const api = interrupt(world.apiOf(job), { [call]: refused });
    return { world, error: await errorOf(world.run(job, await world.plan(job, input), api)) };
  };

  test('the customer refused: nothing is done, and the refusal says all', async () => {
    const { world, error } = await stopAt('create_contact');
    expect(error).toBeInstanceOf(Rejected);
    expect(error).not.toBeInstanceOf(PartlyDone);
    expect((await written(world, opening)).slice(1)).toEqual([
      (await list(demoWorld(), 'list_sales_orders', 'salesorders')).length,
      null,
    ]);
  });

  test('the order refused: the customer stands and is found the next time', async () => {
    const { world, error } = await stopAt('create_sales_order');
    expect(error).toMatchObject({
      kind: 'partly_done',
      facts: {
        done: [expect.stringMatching(/^created the customer Lucia Ortega \(contact_id \d+\)$/)],
        failed: ['creating the sales order for Lucia Ortega'],
        not_started: ['confirming it', `writing the order into deal ${opening} of the CRM`],
        undo: [expect.stringMatching(/^delete_contact \(contact_id \d+\)$/)],
      },
      message: expect.stringContaining('call place_order_from_deal again'),
    });
    const again = await world.plan(job, { deal_id: opening });
    expect(again.preview[1]).toBe('Customer Lucia Ortega found by e-mail.');
  });

  test('the confirmation refused: the draft stands, and the deal does not name it', async () => {
    const { world, error } = await stopAt('confirm_sales_order');
    expect(error).toMatchObject({
      facts: { not_started: [`writing the order into deal ${opening} of the CRM`] },
      message: expect.stringContaining('Go on with confirm_sales_order'),
    });
    expect((await written(world, opening)).at(-1)).toBeNull();
  });

  test('the deal refused: the order stands, and what to write there by hand is told', async () => {
    const { error } = await stopAt('update_crm_deal');
    expect(error).toBeInstanceOf(PartlyDone);
    expect(error).toMatchObject({
      facts: { failed: [`writing the order into deal ${opening} of the CRM`], not_started: [] },
      message: expect.stringMatching(
        /The order stands; do not place it again\. .* set Inventory_SO_ID of deal \d+ to \d+/,
      ),
    });
  });

  test('called off half way, it says what is done and what was not begun', async () => {
    const world = demoWorld();
    const abort = new AbortController();
    const api = interrupt(world.apiOf(job), {
      create_sales_order: async (go) => {
        const reply = await go();
        abort.abort();
        return reply;
      },
    });
    const plan = await world.plan(job, { deal_id: terrace });
    const error = await errorOf(world.run(job, plan, api, abort.signal));
    expect(error).toMatchObject({
      cause: expect.any(Cancelled),
      facts: {
        done: [expect.stringContaining('created SO-00020 as a draft')],
        failed: [],
        not_started: ['confirming SO-00020', `writing the order into deal ${terrace} of the CRM`],
      },
    });
  });
});
