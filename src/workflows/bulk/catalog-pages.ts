import type { Api, WorkflowContext } from '../define.ts';
import { cutTo, hasMorePages, pageSize, type Row, rowsIn } from '../rows.ts';

/** The API's own list ends nowhere; a catalog of more pages than this would spend a day's calls. */
const mostPages = 500;

export interface Pages {
  readonly rows: Row[];
  /** Calls made. */
  readonly pages: number;
  readonly complete: boolean;
}

/** Every row of a list, each cut to `keys` as its page arrives: a long catalog whole would be tens of megabytes. */
export async function readPages(
  api: Api,
  name: string,
  key: string,
  input: Readonly<Record<string, unknown>>,
  keys: readonly string[],
  { progress }: Pick<WorkflowContext, 'progress'>,
): Promise<Pages> {
  const rows: Row[] = [];
  for (let page = 1; page <= mostPages; page += 1) {
    progress(`Reading ${key}, page ${page}`);
    const reply = await api.call(name, { ...input, page, per_page: pageSize });
    for (const row of rowsIn(reply, key)) rows.push(cutTo(row, keys));
    if (!hasMorePages(reply)) return { rows, pages: page, complete: true };
  }
  return { rows, pages: mostPages, complete: false };
}
