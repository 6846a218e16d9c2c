import { describe, expect, onTestFinished, test } from 'vitest';
import { NetworkFailure } from '../../src/client/failures.ts';
import { createHttp } from '../../src/client/http.ts';
import { createTransport } from '../../src/client/transport.ts';
import { sleep } from '../../src/client/wait.ts';
import { Cancelled, Unauthorized } from '../../src/errors.ts';
import { createFakeClock } from './fake-clock.ts';
import { eventually, readRequest, reply, startStub, writeRequest } from './stub-api.ts';

function over(url: string, options: { sleep?: typeof sleep; onSent?: () => void; organizationId?: string } = {}) {
  const transport = createTransport({ sleep: options.sleep ?? sleep });
  onTestFinished(transport.close);
  return createHttp({
    apiDomain: url,
    organizationId: 'organizationId' in options ? options.organizationId : '99',
    timeoutMs: 15_000,
    exchange: transport.exchange,
    onSent: options.onSent,
  });
}

const failure = (outcome: NetworkFailure['outcome']) => expect.objectContaining({ name: 'NetworkFailure', outcome });

describe('what is sent', () => {
  test('path, query and organization are put into the URL, a body is JSON', async () => {
    const stub = await startStub((_, response) => reply(response, { code: 0 }, 201, { 'X-Mark': 'a' }));
    const http = over(`${stub.url}/`);

    const answer = await http({ ...writeRequest, query: { name: 'a b&c' } });

    expect(answer).toMatchObject({ status: 201, text: '{"code":0}', headers: { 'x-mark': 'a' } });
    const [request] = stub.seen;
    expect(request?.method).toBe('POST');
    expect(request?.url.pathname).toBe('/inventory/v1/items');
    expect(Object.fromEntries(request?.url.searchParams ?? [])).toEqual({ name: 'a b&c', organization_id: '99' });
    expect(request?.headers['content-type']).toBe('application/json');
    expect(JSON.parse(request?.body ?? '')).toEqual({ name: 'Lamp' });
  });

  test('organizations are asked for without an organization', async () => {
    const stub = await startStub((_, response) => reply(response, { code: 0 }));
    await over(stub.url)({ ...readRequest, path: '/organizations', query: {} });
    expect(stub.seen[0]?.url.search).toBe('');
  });

  test('without an organization nothing is sent and the setting is named', async () => {
    const stub = await startStub((_, response) => reply(response, { code: 0 }));
    const http = over(stub.url, { organizationId: '' });
    const attempt = (async () => http(readRequest))();
    await expect(attempt).rejects.toThrow(/ZOHO_ORGANIZATION_ID/);
    await expect(attempt).rejects.toBeInstanceOf(Unauthorized);
    expect(stub.seen).toHaveLength(0);
  });

  test('a reply in many pieces is put together as UTF-8', async () => {
    const text = JSON.stringify({ code: 0, name: 'Käse 猫'.repeat(50_000) });
    const stub = await startStub((_, response) => reply(response, text));
    expect((await over(stub.url)(readRequest)).text).toBe(text);
  });
});

describe('what went wrong', () => {
  test('a refused connection has provably sent nothing', async () => {
    const stub = await startStub((_, response) => reply(response, {}));
    await stub.stop();
    let sent = 0;
    const http = over(stub.url, { onSent: () => (sent += 1) });
    await expect(http(writeRequest)).rejects.toEqual(failure('notSent'));
    expect(sent).toBe(0);
  });

  test('a host without an address has provably got nothing', async () => {
    await expect(over('http://nowhere.invalid')(writeRequest)).rejects.toEqual(failure('notSent'));
  });

  test.each([readRequest, writeRequest])(
    'a connection that breaks after the request is lost, and $method is sent once',
    async (request) => {
      const stub = await startStub((_, response) => response.destroy());
      await expect(over(stub.url)(request)).rejects.toEqual(failure('lost'));
      expect(stub.seen).toHaveLength(1);
    },
  );

  test('an answer that breaks in its middle is lost', async () => {
    const stub = await startStub((_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"code":0');
      setImmediate(() => response.destroy());
    });
    await expect(over(stub.url)(writeRequest)).rejects.toEqual(failure('lost'));
  });

  test('an answer of more than 16 MiB is not read to its end', async () => {
    const stub = await startStub((_, response) => reply(response, 'x'.repeat(17 * 1024 * 1024)));
    await expect(over(stub.url)(readRequest)).rejects.toEqual(failure('unreadable'));
  });

  test('an answer that does not come is lost after the timeout, for a write after twice that', async () => {
    const clock = createFakeClock();
    const stub = await startStub(() => {});
    const http = over(stub.url, { sleep: clock.sleep });
    const outcomes: string[] = [];
    const note = (name: string) => (error: unknown) => {
      if (error instanceof NetworkFailure) outcomes.push(`${name} ${error.outcome}`);
    };
    const both = [http(readRequest).catch(note('read')), http(writeRequest).catch(note('write'))];
    await eventually(() => stub.seen.length === 2);
    await clock.elapse(14_999);
    expect(outcomes).toEqual([]);
    await clock.elapse(1);
    expect(outcomes).toEqual(['read lost']);
    await clock.elapse(15_000);
    await Promise.all(both);
    expect(outcomes).toEqual(['read lost', 'write lost']);
  });
});

describe('taking a call back', () => {
  test('before it is sent: nothing reaches the server', async () => {
    const stub = await startStub((_, response) => reply(response, { code: 0 }));
    const http = over(stub.url);
    await expect(http(writeRequest, AbortSignal.abort())).rejects.toMatchObject({
      kind: 'cancelled',
      nothingSent: true,
    });
    expect(stub.seen).toHaveLength(0);
  });

  test('while the connection is made: nothing reaches the server later either', async () => {
    const stub = await startStub((_, response) => reply(response, { code: 0 }));
    const http = over(stub.url);
    await http({ ...readRequest, path: '/first' }); // undici is loaded; the next call needs a connection of its own
    const slow = http({ ...readRequest, path: '/second' });
    const caller = new AbortController();
    const write = http(writeRequest, caller.signal);
    await Promise.resolve();
    await Promise.resolve();
    caller.abort();
    await expect(write).rejects.toMatchObject({ kind: 'cancelled', nothingSent: true });
    await slow;
    await http({ ...readRequest, path: '/third' });
    expect(stub.seen.map(({ method }) => method)).toEqual(['GET', 'GET', 'GET']);
  });

  test('a read in flight ends at once', async () => {
    const stub = await startStub(() => {});
    const caller = new AbortController();
    const read = over(stub.url)(readRequest, caller.signal);
    await eventually(() => stub.seen.length === 1);
    caller.abort();
    await expect(read).rejects.toBeInstanceOf(Cancelled);
    await expect(read).rejects.toMatchObject({ nothingSent: false });
  });

  test('a write in flight is awaited, and its answer is returned', async () => {
    const answers: (() => void)[] = [];
    const stub = await startStub((_, response) => answers.push(() => reply(response, { code: 0, item: {} }, 201)));
    const caller = new AbortController();
    const write = over(stub.url)(writeRequest, caller.signal);
    await eventually(() => stub.seen.length === 1);
    caller.abort();
    answers[0]?.();
    await expect(write).resolves.toMatchObject({ status: 201 });
  });

  test('a write in flight is awaited 10 s and then lost', async () => {
    const clock = createFakeClock();
    const stub = await startStub(() => {});
    const caller = new AbortController();
    let outcome: unknown;
    const write = over(stub.url, { sleep: clock.sleep })(writeRequest, caller.signal).catch((error: unknown) => {
      outcome = error;
    });
    await eventually(() => stub.seen.length === 1);
    caller.abort();
    await clock.elapse(9_999);
    expect(outcome).toBeUndefined();
    await clock.elapse(1);
    await write;
    expect(outcome).toEqual(failure('lost'));
  });
});

describe('a server in the process', () => {
  const inside = (dispatch: (request: Request) => Promise<Response>, fake = createFakeClock()) => {
    const { exchange } = createTransport({ sleep: fake.sleep, dispatch });
    return createHttp({ apiDomain: 'http://inside.invalid', organizationId: '99', timeoutMs: 15_000, exchange });
  };

  test('gets the same request and gives the same answer', async () => {
    const http = inside(async (request) =>
      Response.json(
        { url: request.url, method: request.method, body: await request.json() },
        { headers: { 'X-Mark': 'a' } },
      ),
    );
    const answer = await http(writeRequest);
    expect(answer.headers['x-mark']).toBe('a');
    expect(JSON.parse(answer.text)).toEqual({
      url: 'http://inside.invalid/inventory/v1/items?organization_id=99',
      method: 'POST',
      body: { name: 'Lamp' },
    });
  });

  test('that throws or does not answer is lost', async () => {
    const clock = createFakeClock();
    await expect(inside(() => Promise.reject(new Error('broken')))(readRequest)).rejects.toEqual(failure('lost'));
    const silent = inside(() => new Promise(() => {}), clock)(readRequest);
    const told = expect(silent).rejects.toEqual(failure('lost'));
    await clock.elapse(15_000);
    await told;
  });
});
