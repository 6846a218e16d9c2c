import type * as z from 'zod';
import type { Input } from './input.ts';
import type { Trace } from './trace.ts';

export type { Input } from './input.ts';

/**
 * What a call does to the world; the only statement about safety. The guard, the retry rule and the tool's hints follow
 * from it. `stock` moves goods, `commit` binds the company to somebody, `destroy` takes something away, `outward` sends
 * something to people outside.
 */
export type Effect = 'read' | 'create' | 'update' | 'stock' | 'commit' | 'destroy' | 'outward';

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** Groups of tools an operator can switch on; also the room a tool stands in in the docs. */
export type Toolset = 'sales' | 'purchasing' | 'fulfilment' | 'stock' | 'catalog' | 'contacts' | 'reports';

/** Other services of the same account. */
export type Service = 'crm';

type PathKeys<Path extends string> = Path extends `${string}{${infer Key}}${infer Rest}` ? Key | PathKeys<Rest> : never;

export type Shape = Record<string, z.ZodType>;

/** One file of a multipart request. */
export interface Upload {
  /** Name of the form's part. */
  readonly part: string;
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}

export interface Operation {
  /** Tool name, `verb_noun`, at most 32 characters. */
  readonly name: string;
  readonly title: string;
  /** 20 to 300 characters: what comes back or changes, which neighbour to use instead, what cannot be undone. */
  readonly description: string;
  readonly toolset: Toolset;
  readonly method: Method;
  /** Below `/inventory/v1`, or below the root of its service; `{key}` is filled from the input. */
  readonly path: string;
  readonly effect: Effect;
  /** The effect may rise with the input: an item created with opening stock moves stock. */
  readonly effectOf?: (input: Input) => Effect;
  /** OAuth scope this call needs. */
  readonly scope: string;
  /** Page of the official documentation. */
  readonly source: string;
  readonly input: Shape;
  /** Key of the reply's record or list: `item`, `salesorders`. Absent where the reply is only a message. */
  readonly reply?: string;
  /** What is asked for instead of JSON; the client then answers `{ file: { media_type, base64, bytes } }`. */
  readonly accept?: 'application/pdf';
  /** True for lists that take `page` and `per_page` and answer `page_context`. */
  readonly paged?: boolean;
  /** The file that is sent as multipart/form-data instead of a JSON body, made from the input. */
  readonly upload?: (input: Input) => Upload;
  /** Whose endpoint it is where not the inventory's: it has a root, an envelope and call limits of its own. */
  readonly service?: Service;
  /** The JSON body where it is not the input without the path's keys. */
  readonly bodyOf?: (input: Input) => Record<string, unknown>;
  /** How a write whose answer never came is looked for; every operation that writes has one. */
  readonly trace?: Trace;
}

/** Keys of an input that shape our answer and are never sent to the API. */
export const localKeys: ReadonlySet<string> = new Set(['fields', 'save']);

type Definition<Path extends string, S extends Shape> = Omit<Operation, 'path' | 'input'> & {
  readonly path: Path;
  readonly input: S & Record<PathKeys<Path>, z.ZodType>;
};

/** Declares one endpoint. The compiler refuses a `{key}` in the path that is no key of `input`. */
export function defineOperation<const Path extends string, S extends Shape>(
  definition: Definition<Path, S>,
): Operation & Definition<Path, S> {
  return definition;
}

/** The effect of this very call. */
export function effectOf(operation: Operation, input: Input): Effect {
  return operation.effectOf?.(input) ?? operation.effect;
}

export interface RequestParts {
  readonly service?: Service;
  readonly method: Method;
  readonly path: string;
  readonly query: Record<string, string>;
  readonly body?: Record<string, unknown>;
  readonly headers?: Record<string, string>;
  readonly file?: Upload;
}

/**
 * Pure: which request carries this input. Path keys fill the path, the rest goes into the query of a GET or DELETE and
 * into the JSON body otherwise. A POST or PUT without other input sends `{}`.
 */
export function toRequest(operation: Operation, input: Input): RequestParts {
  const rest: Record<string, unknown> = { ...input };
  const path = operation.path.replace(/\{(\w+)\}/g, (_, key: string) => {
    const value = rest[key];
    delete rest[key];
    return encodeURIComponent(String(value));
  });
  for (const key of localKeys) delete rest[key];
  const service = operation.service ? { service: operation.service } : {};
  if (operation.method === 'GET' || operation.method === 'DELETE') {
    const query: Record<string, string> = {};
    for (const [key, value] of Object.entries(rest)) if (value !== undefined) query[key] = String(value);
    const headers = operation.accept ? { headers: { accept: operation.accept } } : {};
    return { ...service, method: operation.method, path, query, ...headers };
  }
  if (operation.upload) return { method: operation.method, path, query: {}, file: operation.upload(rest) };
  return { ...service, method: operation.method, path, query: {}, body: operation.bodyOf?.(rest) ?? rest };
}
