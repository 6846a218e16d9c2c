import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createFaults } from '../../src/sandbox/faults.ts';
import type { FaultRule } from '../../src/sandbox/faults-rules.ts';
import { listenSandbox } from '../../src/sandbox/listen.ts';
import { noon, organizationId, startSandbox } from './calls.ts';

const path = `/inventory/v1/contacts?organization_id=${organizationId}`;
const headers = { Authorization: 'Zoho-oauthtoken good' };
const body = JSON.stringify({ contact_name: 'Ann' });

async function listenWith(rule: FaultRule, sleep?: () => Promise<void>) {
  const faults = createFaults({ rules: [rule] }, sleep);
  const { sandbox } = startSandbox({ faults });
  /** How each request that reached the sandbox ended. */
  const ended: string[] = [];
  const handle = (request: Request) =>
    sandbox.handle(request).then(
      (answer) => {
        ended.push('answered');
        return answer;
      },
      (error: unknown) => {
        ended.push(error instanceof Error ? error.name : 'unknown');
        throw error;
      },
    );
  const { url, close } = await listenSandbox({ sandbox: { handle }, port: 0 });
  onTestFinished(close);
  const written = () => sandbox.database.prepare('SELECT contact_name FROM contact').all().length;
  return { faults, url, close, ended, written };
}

const until = async (condition: () => boolean) => {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
};

/** A POST over a socket of its own: what came, and how the connection ended. */
function post(url: string): Promise<{ text: string; end: string }> {
  const { port, host } = new URL(url);
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(Number(port), '127.0.0.1');
    socket.on('data', (piece: Buffer) => {
      text += piece.toString();
    });
    socket.on('end', () => resolve({ text, end: 'closed' }));
    socket.on('error', (error: Error & { code?: string }) => resolve({ text, end: error.code ?? '' }));
    const lines = [
      `POST ${path} HTTP/1.1`,
      `Host: ${host}`,
      `Authorization: ${headers.Authorization}`,
      `Content-Length: ${body.length}`,
    ];
    socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`);
  });
}

/** The head of an answer, as soon as it is there. */
function head(url: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    httpRequest(`${url}${path}`, { headers }, resolve).on('error', reject).end();
  });
}

describe('over a port', () => {
  it.each<[FaultRule, number]>([
    [{ fault: 'reset_before' }, 0],
    [{ fault: 'reset_after' }, 1],
  ])('%j resets the connection without a byte of an answer', async (rule, records) => {
    const { url, written } = await listenWith(rule);
    expect(await post(url)).toEqual({ text: '', end: 'ECONNRESET' });
    expect(written()).toBe(records);
  });

  it('a reset in the body comes after the head and half of the body', async () => {
    const { url, written } = await listenWith({ fault: 'reset_after', in_body: true });
    const answer = await fetch(`${url}${path}`, { method: 'POST', headers, body });
    expect(answer.status).toBe(201);
    const reader = answer.body?.getReader();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toMatch(/^\{"code":0,[^}]*$/);
    await expect(reader?.read()).rejects.toThrow('terminated');
    expect(written()).toBe(1);
  });

  it('no answer lasts until the caller leaves, and the sandbox lets go of it then', async () => {
    const { url, faults, ended, written } = await listenWith({ fault: 'no_answer_after', count: 1 });
    const leaving = new AbortController();
    const asked = fetch(`${url}${path}`, { method: 'POST', headers, body, signal: leaving.signal });
    const left = expect(asked).rejects.toThrow('aborted');
    await until(() => faults.fired.length === 1);
    expect([written(), ended]).toEqual([1, []]);
    leaving.abort();
    await left;
    await until(() => ended.length === 1);
    expect(ended).toEqual(['AbortError']);
    expect((await fetch(`${url}${path}`, { headers })).status).toBe(200);
  });

  it('a sandbox that owes an answer can be closed', async () => {
    const { url, faults, close } = await listenWith({ fault: 'no_answer_before' });
    const asked = post(url);
    await until(() => faults.fired.length === 1);
    await close();
    expect((await asked).text).toBe('');
  });

  it('a slow body comes after its head, and whole', async () => {
    const waiting: (() => void)[] = [];
    const { url } = await listenWith({ fault: 'slow_body', ms: 500, pieces: 3 }, () => {
      return new Promise((resolve) => waiting.push(resolve));
    });
    const answer = await head(url);
    expect(answer.statusCode).toBe(200);
    const pieces: Buffer[] = [];
    answer.on('data', (piece: Buffer) => pieces.push(piece));
    const whole = new Promise((resolve) => answer.on('end', resolve));
    for (const count of [1, 2]) {
      await until(() => pieces.length === count && waiting.length === count);
      waiting[count - 1]?.();
    }
    await whole;
    expect(JSON.parse(Buffer.concat(pieces).toString())).toMatchObject({ code: 0, contacts: [] });
  });

  it('a caller who leaves in the middle of a slow body disturbs nobody', async () => {
    const waiting: (() => void)[] = [];
    const { url } = await listenWith({ fault: 'slow_body', ms: 500, pieces: 50, count: 1 }, () => {
      return new Promise((resolve) => waiting.push(resolve));
    });
    const answer = await head(url);
    await until(() => waiting.length === 1);
    const closed = new Promise((resolve) => answer.once('close', resolve));
    answer.once('error', () => {});
    answer.destroy();
    await closed;
    for (const go of waiting) go();
    expect((await fetch(`${url}${path}`, { headers })).status).toBe(200);
  });

  it('cut JSON is the whole answer as far as HTTP can tell', async () => {
    const { url } = await listenWith({ fault: 'cut_json' });
    const answer = await fetch(`${url}${path}`, { headers });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toMatch(/^\{"code":0,[^}]*$/);
  });

  it('the Date is that of the sandbox and not of the machine', async () => {
    const { url } = await listenWith({ fault: 'clock_skew', ms: 3_600_000 });
    const answer = await fetch(`${url}${path}`, { headers });
    expect(answer.headers.get('date')).toBe(new Date(noon + 3_600_000).toUTCString());
  });
});
