import { rowsIn, textIn } from '../../workflows/rows.ts';
import { named } from '../../workflows/text.ts';
import type { Planning } from './planner.ts';

/** The warehouses of the organization, as a preview names them. */
export interface Places {
  /** Empty where no warehouse is primary. */
  readonly primaryId: string;
  /** The name, else the id. */
  readonly name: (warehouseId: string) => string;
  /** Why goods cannot be moved there; empty where they can. */
  readonly fault: (warehouseId: string) => string;
}

/** One call. */
export async function readWarehouseNames({ api }: Planning): Promise<Places> {
  const rows = rowsIn(await api.call('list_warehouses', { page: 1, per_page: 200 }), 'warehouses');
  const byId = new Map(rows.map((row) => [textIn(row, 'warehouse_id'), row]));
  const name = (id: string) => named(byId.get(id)?.warehouse_name, 60) || `warehouse ${id}`;
  return {
    primaryId: textIn(rows.find(({ is_primary }) => is_primary === true) ?? {}, 'warehouse_id'),
    name,
    fault: (id) =>
      !byId.has(id)
        ? `there is no warehouse ${id}`
        : byId.get(id)?.status === 'inactive'
          ? `${name(id)} is inactive`
          : '',
  };
}
