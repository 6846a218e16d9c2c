import { describe, expect, test } from 'vitest';
import type { Client } from '../../src/client/client.ts';
import { Cancelled, Denied } from '../../src/errors.ts';
import { getItem, listItems } from '../../src/operations/items.ts';
import { apiFor, bindApi } from '../../src/workflows/api.ts';
import { workflowEffect } from '../../src/workflows/define.ts';
import { workflowByName, workflows } from '../../src/workflows/index.ts';
import { quiet } from './fake-api.ts';

function recordingClient(): { client: Client; seen: unknown[] } {
  const seen: unknown[] = [];
  const client: Client = {
    call: async (operation, input, options) => {
      seen.push([operation.name, input, options]);
      return { items: [] };
    },
    async *pages(operation, input) {
      seen.push([operation.name, input]);
      yield { row: {}, truncated: false };
    },
    callsSent: () => seen.length,
    trace: async () => ({ kind: 'absent' }),
    claim: async () => true,
  };
  return { client, seen };
}

describe("a workflow's API", () => {
  test('reaches what the workflow uses, and nothing else', async () => {
    const { client, seen } = recordingClient();
    const api = apiFor(client, [getItem]);
    await api.call('get_item', { item_id: '1' });
    await expect(api.call('list_items', {})).rejects.toThrow(Denied);
    expect(() => api.pages('delete_item', {})).toThrow(Denied);
    expect(seen).toHaveLength(1);
  });

  test('hands the options of the caller to every call', async () => {
    const { client, seen } = recordingClient();
    const { signal } = new AbortController();
    const onWait = () => {};
    await apiFor(client, [listItems], { signal }).call('list_items', {}, { onWait });
    expect(seen).toEqual([['list_items', {}, { signal, onWait }]]);
  });

  test('stops before the next call once the caller took the job back', async () => {
    const { client, seen } = recordingClient();
    const abort = new AbortController();
    const api = bindApi(apiFor(client, [listItems]), { ...quiet, signal: abort.signal });
    await api.call('list_items', {});
    abort.abort();
    await expect(api.call('list_items', {})).rejects.toThrow(Cancelled);
    expect(seen).toHaveLength(1);
  });
});

describe('the workflows', () => {
  test('say how many API calls they spend', () => {
    const silent = workflows.filter(({ description }) => !/\bcalls?\b/.test(description));
    expect(silent.map(({ name }) => name)).toEqual([]);
  });

  test('have the effect of the worst they use', () => {
    const effects = Object.fromEntries(workflows.map((workflow) => [workflow.name, workflowEffect(workflow)]));
    expect(effects).toEqual({
      check_stock: 'read',
      when_available: 'read',
      place_sales_order: 'update',
      place_order_from_deal: 'update',
      amend_order: 'update',
      fulfil_sales_order: 'stock',
      record_return: 'stock',
      review_pending_orders: 'read',
      reorder_low_stock: 'create',
      set_stock_levels: 'stock',
      move_stock: 'stock',
      explain_stock: 'read',
      suggest_transfers: 'read',
      daily_report: 'read',
      low_stock_alert: 'read',
      send_low_stock_alert: 'outward',
      find_items: 'read',
      find_contacts: 'read',
      find_orders: 'read',
      get_record: 'read',
      import_items: 'update',
      export_items: 'read',
      update_prices: 'update',
      receive_delivery: 'stock',
      chase_late_purchases: 'read',
    });
  });

  test('are found by name, and say what they do within the room there is', () => {
    for (const workflow of workflows) {
      expect(workflowByName.get(workflow.name)).toBe(workflow);
      expect(workflow.name.length).toBeLessThanOrEqual(32);
      expect(workflow.description.length).toBeGreaterThan(20);
      expect(workflow.description.length).toBeLessThanOrEqual(300);
    }
  });
});
