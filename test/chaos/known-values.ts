/** Values that were met in answers, by the key they stood under: what a caller of this very server could send. */
export interface KnownValues {
  readonly learn: (facts: unknown) => void;
  /** What fits a field of this name, the best guess first; empty where nothing like it was met. */
  readonly like: (field: string) => readonly string[];
  /** Of any key. */
  readonly some: () => readonly string[];
}

/** Enough to choose from; the newest push the oldest out, so that records made meanwhile are met as well. */
const mostPerKey = 60;
const longest = 200;

// Inputs call some records by another word than replies do.
const otherWords: Readonly<Record<string, readonly string[]>> = {
  item: ['sku', 'item_name'],
  customer: ['customer_name'],
  sales_order: ['salesorder_number'],
  so_line_item_id: ['line_item_id'],
  default_vendor: ['vendor_name'],
  package_ids: ['package_id'],
  delivery_customer_id: ['contact_id'],
  to_mail_ids: ['email'],
  // A run bears the id of the yes it began with.
  workflow_id: ['workflow_id', 'confirmation'],
};

export function createKnownValues(): KnownValues {
  const byKey = new Map<string, string[]>();
  const all: string[] = [];

  const add = (key: string, value: string) => {
    const values = byKey.get(key) ?? [];
    byKey.set(key, values);
    if (value === '' || value.length > longest || values.includes(value)) return;
    values.push(value);
    all.push(value);
    if (values.length > mostPerKey) values.shift();
  };

  const learn = (facts: unknown, key = '') => {
    if (Array.isArray(facts)) for (const entry of facts) learn(entry, key);
    else if (typeof facts === 'object' && facts !== null)
      for (const [inner, entry] of Object.entries(facts)) learn(entry, inner);
    else if (typeof facts === 'string' || typeof facts === 'number') add(key, String(facts));
  };

  return {
    learn: (facts) => learn(facts),
    like: (field) => {
      const words = otherWords[field]?.flatMap((word) => byKey.get(word) ?? []) ?? [];
      if (words.length > 0) return words;
      // `from_warehouse_id` takes what stood under `warehouse_id`.
      const [, ...rest] = field.split('_');
      return byKey.get(field) ?? (rest.length > 0 ? (byKey.get(rest.join('_')) ?? []) : []);
    },
    some: () => all,
  };
}
