import { expect, test } from 'vitest';
import type { ApiRequest, ApiResponse } from '../../src/client/compose.ts';
import { createShare } from '../../src/client/share.ts';
import { cancelledUnsent } from '../../src/client/wait.ts';
import { readRequest, writeRequest } from './stub-api.ts';

const ok: ApiResponse = { status: 200, headers: {}, text: '{}' };

function shared() {
  const flights: { request: ApiRequest; signal?: AbortSignal | undefined; land: () => void }[] = [];
  const send = createShare()(
    (request, signal) =>
      new Promise((resolve, reject) => {
        flights.push({ request, signal, land: () => resolve(ok) });
        signal?.addEventListener('abort', () => reject(cancelledUnsent()));
      }),
  );
  return { send, flights };
}

test('identical reads that run together are one request, whatever the order of their query', async () => {
  const { send, flights } = shared();
  const calls = [
    send({ ...readRequest, query: { page: '1', sort: 'name' } }),
    send({ ...readRequest, query: { sort: 'name', page: '1' } }),
  ];
  expect(flights).toHaveLength(1);
  flights[0]?.land();
  expect(await Promise.all(calls)).toEqual([ok, ok]);
});

test('different reads and writes are their own requests', () => {
  const { send, flights } = shared();
  void send(readRequest);
  void send({ ...readRequest, query: { page: '2' } });
  void send({ ...readRequest, path: '/contacts' });
  void send(writeRequest);
  void send(writeRequest);
  expect(flights).toHaveLength(5);
});

test('a read that comes after the answer is sent anew', async () => {
  const { send, flights } = shared();
  const first = send(readRequest);
  flights[0]?.land();
  await first;
  void send(readRequest);
  expect(flights).toHaveLength(2);
});

test('one caller who leaves does not take the answer from the other', async () => {
  const { send, flights } = shared();
  const caller = new AbortController();
  const leaver = send(readRequest, caller.signal);
  const stayer = send(readRequest);
  caller.abort();
  await expect(leaver).rejects.toMatchObject({ kind: 'cancelled' });
  expect(flights[0]?.signal?.aborted).toBe(false);
  flights[0]?.land();
  expect(await stayer).toBe(ok);
});

test('when the last caller has left the request is given up, and who comes then is sent anew', async () => {
  const { send, flights } = shared();
  const callers = [new AbortController(), new AbortController()];
  const calls = callers.map(({ signal }) => send(readRequest, signal));
  for (const caller of callers) caller.abort();
  for (const call of calls) await expect(call).rejects.toMatchObject({ kind: 'cancelled' });
  expect(flights[0]?.signal?.aborted).toBe(true);
  void send(readRequest);
  expect(flights).toHaveLength(2);
});

test('a read after a write does not join a read from before it', async () => {
  const { send, flights } = shared();
  void send(readRequest);
  const write = send(writeRequest);
  flights[1]?.land();
  await write;
  void send(readRequest);
  expect(flights).toHaveLength(3);
});

test('everybody who shares a request is told of its waiting', () => {
  const { send, flights } = shared();
  const told: string[] = [];
  void send({ ...readRequest, onWait: (message) => told.push(`a ${message}`) });
  void send({ ...readRequest, onWait: (message) => told.push(`b ${message}`) });
  flights[0]?.request.onWait?.('wait');
  expect(told).toEqual(['a wait', 'b wait']);
});

test('a failure reaches all, and only once', async () => {
  let sent = 0;
  const send = createShare()(async () => {
    sent += 1;
    throw new Error('broken');
  });
  const outcomes = await Promise.allSettled([send(readRequest), send(readRequest)]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(sent).toBe(1);
});
