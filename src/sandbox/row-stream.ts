/** Rows of an answer that are read while its text is written, so that there is never more than one of them in memory. */
export interface RowStream extends Iterable<object> {
  /** All of them, for whoever prints the answer as a whole. */
  toJSON(): object[];
}

export const isRowStream = (value: unknown): value is RowStream =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Symbol.iterator in value;

/** `read` is asked anew for each reading; inside the call's transaction, so that all rows are of one moment. */
export const rowStream = <T>(read: () => Iterable<T>, toRow: (found: T) => object): RowStream => {
  function* rows() {
    for (const found of read()) yield toRow(found);
  }
  return { [Symbol.iterator]: rows, toJSON: () => [...rows()] };
};

/** The JSON text of an answer's body in pieces, a row of a stream at a time. */
export function* jsonPieces(body: Readonly<Record<string, unknown>>): Generator<string> {
  let before = '{';
  for (const [key, value] of Object.entries(body)) {
    if (value === undefined) continue;
    yield `${before}${JSON.stringify(key)}:`;
    before = ',';
    if (isRowStream(value)) yield* listPieces(value);
    else yield JSON.stringify(value);
  }
  yield before === '{' ? '{}' : '}';
}

function* listPieces(rows: RowStream): Generator<string> {
  let before = '[';
  for (const row of rows) {
    yield `${before}${JSON.stringify(row)}`;
    before = ',';
  }
  yield before === '[' ? '[]' : ']';
}
