import type { Guide } from './define.ts';

export const stockCount: Guide = {
  name: 'stock-count',
  title: 'Stock count',
  description:
    'Counts a warehouse: prints the list to count by, takes the counted figures, shows the differences with their value, marks what to count again, and books the rest after a yes.',
  tools: ['get_report', 'set_stock_levels', 'explain_stock'],
  arguments: [
    { name: 'warehouse', description: 'Which warehouse is counted', required: true, complete: 'warehouses' },
    { name: 'items', description: 'Only these items: SKUs, or words of their names' },
  ],
  text: `Run a stock count of the warehouse {{warehouse}}.
Count only: {{items}}

1. get_report stock-on-hand of that warehouse gives the list to count by: SKU, name, unit, sorted by name. Print it without
   the quantities, so that nobody counts what they expect to find. Packed goods still belong to the warehouse.
2. Ask for the counted figures, as rows of SKU and quantity. What was not counted is left out; zero means none was found.
3. set_stock_levels with mode set_to and this warehouse. Nothing is booked yet: it answers a count sheet.
4. Go through the sheet: rows marked for a recount are counted once more before anything is booked. For a big difference
   explain_stock tells the movements since; an order packed or a delivery received during the count is the usual cause.
5. Show the preview with the value gained and lost. Confirm after the yes, with the rows that are certain only.
6. Say what was booked: adjustment number, lines, value; and which items are still to be counted.`,
};
