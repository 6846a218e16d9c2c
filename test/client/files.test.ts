import { describe, expect, onTestFinished, test } from 'vitest';
import { type Client, createClient } from '../../src/client/client.ts';
import { mostFileBytes } from '../../src/client/envelope.ts';
import { createHttp } from '../../src/client/http.ts';
import { createTransport, type Transport } from '../../src/client/transport.ts';
import { sleep } from '../../src/client/wait.ts';
import { getPackage, getPackingSlip } from '../../src/operations/packages.ts';
import { startStub } from './stub-api.ts';

const input = { package_id: '7' };
/** Every byte there is, so that a detour over text would be noticed. */
const pdf = Buffer.concat([Buffer.from('%PDF-1.3\n'), Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))]);

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: Uint8Array;
}
const json = (status: number, body: unknown): Answer => ({
  status,
  type: 'application/json;charset=UTF-8',
  body: Buffer.from(JSON.stringify(body)),
});

const over = (transport: Transport, apiDomain: string): Client => {
  onTestFinished(transport.close);
  const send = createHttp({ apiDomain, organizationId: '99', timeoutMs: 15_000, exchange: transport.exchange });
  return createClient({ send, callsSent: () => 0, tokenRenewable: true, now: () => 0 });
};

const ways: Record<string, (answer: Answer, accepts?: string[]) => Promise<Client>> = {
  'over the network': async ({ status, type, body }, accepts = []) => {
    const stub = await startStub((request, response) => {
      accepts.push(String(request.headers.accept));
      response.writeHead(status, { 'content-type': type });
      response.end(body);
    });
    return over(createTransport({ sleep }), stub.url);
  },
  'inside the process': async ({ status, type, body }, accepts = []) =>
    over(
      createTransport({
        sleep,
        dispatch: async (request) => {
          accepts.push(String(request.headers.get('accept')));
          return new Response(new Uint8Array(body), { status, headers: { 'Content-Type': type } });
        },
      }),
      'http://sandbox.test',
    ),
};

describe.each(Object.entries(ways))('a call that asks for a PDF, %s', (_, connect) => {
  test('says so, and answers the very bytes as base64', async () => {
    const accepts: string[] = [];
    const client = await connect({ status: 200, type: 'application/pdf;charset=binary', body: pdf }, accepts);
    const { file } = await client.call(getPackingSlip, input);
    expect(file).toEqual({ media_type: 'application/pdf', bytes: pdf.length, base64: pdf.toString('base64') });
    expect(accepts).toEqual(['application/pdf']);
  });

  test.each([
    [json(404, { code: 41, message: 'Resource not found' }), 'not_found'],
    [json(400, { code: 1002, message: 'Invalid field value' }), 'rejected'],
    [json(401, { code: 57, message: 'Invalid authentication token' }), 'missing_scope'],
    [json(429, { code: 43, message: 'Rate limit' }), 'rate_limited'],
    [json(500, { code: 6, message: 'Internal error' }), 'unavailable'],
    [json(200, { code: 1002, message: 'Invalid field value' }), 'rejected'],
    [json(200, { code: 0, package: {} }), 'unavailable'],
    [{ status: 200, type: 'text/html', body: Buffer.from('<html>Log in</html>') }, 'unavailable'],
    [{ status: 200, type: 'application/pdf', body: Buffer.from('<html>Log in</html>') }, 'unavailable'],
    [{ status: 200, type: 'application/pdf', body: Buffer.alloc(0) }, 'unavailable'],
    [{ status: 503, type: 'application/pdf', body: pdf }, 'unavailable'],
  ])('is refused as %j by the kind %s', async (answer, kind) => {
    const client = await connect(answer);
    await expect(client.call(getPackingSlip, input)).rejects.toMatchObject({ kind });
  });

  test('is refused when the file is larger than what can be handed on', async () => {
    const body = Buffer.alloc(mostFileBytes + 1, '%PDF-');
    const client = await connect({ status: 200, type: 'application/pdf', body });
    const call = client.call(getPackingSlip, input);
    await expect(call).rejects.toMatchObject({ kind: 'rejected', facts: { bytes: mostFileBytes + 1 } });
    await expect(call).rejects.toThrow(/has 7\.0 MiB; at most 7 MiB/);
  });

  test('leaves other calls of the same path asking for JSON', async () => {
    const accepts: string[] = [];
    const client = await connect(json(200, { code: 0, package: { package_id: '7' } }), accepts);
    expect(await client.call(getPackage, input)).toEqual({ package: { package_id: '7' } });
    expect(accepts).toEqual(['application/json']);
  });
});
