import * as z from 'zod';
import { InvalidArguments } from '../../errors.ts';
import { listContacts } from '../../operations/contacts.ts';
import { flag, text } from '../../operations/fields.ts';
import { createItem, listItems, updateItem } from '../../operations/items.ts';
import { bindApi, stopIfCancelled } from '../api.ts';
import type { Api, Plan, WorkflowContext, WriteWorkflow } from '../define.ts';
import { parseBy } from '../rows.ts';
import { readCatalog } from './import-items-catalog.ts';
import { judgeRows } from './import-items-judge.ts';
import { importPlan } from './import-items-plan.ts';
import { runImport } from './import-items-run.ts';
import { readTable } from './import-items-table.ts';

const input = {
  csv: text(4_000_000, 'Header: sku, name, rate, vendor and more of create_item').optional(),
  rows: z
    .array(z.looseObject({ sku: text(100).optional() }))
    .describe('Instead of csv')
    .optional(),
  on_existing: z.enum(['update', 'skip', 'error']).describe('SKU known').default('update'),
  skip_bad: flag('Else one bad row refuses all').optional(),
};
const schema = z.strictObject(input);

async function plan(given: Api, raw: unknown, context: WorkflowContext): Promise<Plan> {
  const wish = parseBy(schema, raw);
  const table = readTable(wish);
  stopIfCancelled(context);
  const catalog = await readCatalog(bindApi(given, context), context, table.columns.includes('vendor'));
  // A SKU that was not read may exist all the same.
  if (!catalog.complete)
    throw new InvalidArguments('The catalog has more pages than one import may read. Nothing was written.', {
      nothingSent: true,
    });
  const verdicts = judgeRows(table.rows, catalog, wish.on_existing);
  return importPlan({ table, verdicts, catalog, skipBad: wish.skip_bad ?? false });
}

export const importItems: WriteWorkflow = {
  name: 'import_items',
  title: 'Import items',
  description:
    'Creates or updates up to 5,000 items by SKU: dry run first, then 1 call a row (+ 1 per 200 items read). Empty cells change nothing.',
  toolset: 'catalog',
  input,
  uses: [listItems, listContacts, createItem, updateItem],
  alwaysConfirm: true,
  isLong: true,
  plan,
  run: runImport,
};
