import { Unauthorized } from '../errors.ts';
import type { Service } from '../operations/define.ts';
import type { ApiRequest, Send } from './compose.ts';
import { encodeFile } from './multipart.ts';
import type { Exchange } from './transport.ts';

export interface HttpOptions {
  /** `https://www.zohoapis.com`; a function where it is only known after the first token. */
  readonly apiDomain: string | (() => string);
  readonly organizationId?: string | undefined;
  /** Longest wait for the answer to a read, in ms. */
  readonly timeoutMs: number;
  /** The same for a write, which is given longer: an answer that never comes leaves its outcome unknown. Default: twice. */
  readonly writeTimeoutMs?: number | undefined;
  readonly exchange: Exchange;
  /** Told when a request really leaves. */
  readonly onSent?: (() => void) | undefined;
}

/** The bottom of the stack: builds URL, query and JSON body and sends them. Throws NetworkFailure or Cancelled. */
export function createHttp(options: HttpOptions): Send {
  return async (request, signal) => {
    const isRead = request.effect === 'read';
    const encoded = await encode(request);
    const wire = {
      method: request.method,
      url: urlOf(request, options),
      headers: {
        accept: 'application/json',
        'user-agent': 'zoho-inventory-mcp',
        ...(encoded ? { 'content-type': encoded.contentType } : {}),
        ...request.headers,
      },
      ...(encoded ? { body: encoded.body } : {}),
    };
    return options.exchange(wire, {
      timeoutMs: isRead ? options.timeoutMs : (options.writeTimeoutMs ?? options.timeoutMs * 2),
      cancellable: isRead,
      signal,
      onSent: () => {
        options.onSent?.();
        request.onSent?.();
      },
    });
  };
}

async function encode({
  body,
  file,
}: ApiRequest): Promise<{ contentType: string; body: string | Uint8Array } | undefined> {
  if (file) return encodeFile(file);
  return body === undefined ? undefined : { contentType: 'application/json', body: JSON.stringify(body) };
}

const roots: Readonly<Record<Service, string>> = { crm: '/crm/v2' };

function urlOf({ path, query, service }: ApiRequest, { apiDomain, organizationId }: HttpOptions): string {
  const base = (typeof apiDomain === 'string' ? apiDomain : apiDomain()).replace(/\/+$/, '');
  const search = new URLSearchParams(query);
  // Organizations are listed to find the id, so they are the one resource that is asked for without it; the CRM has none.
  if (service === undefined && !/^\/organizations(\/|$)/.test(path)) {
    if (!organizationId) {
      throw new Unauthorized('No organization is chosen: set ZOHO_ORGANIZATION_ID to an id from list_organizations.', {
        nothingSent: true,
      });
    }
    search.set('organization_id', organizationId);
  }
  const text = search.toString();
  return `${base}${service ? roots[service] : '/inventory/v1'}${path}${text === '' ? '' : `?${text}`}`;
}
