import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFaults } from '../../src/sandbox/faults.ts';
import type { FaultPlan, FaultRule } from '../../src/sandbox/faults-rules.ts';
import { type Caller, noon, organizationId, startSandbox } from './calls.ts';

const authorized = { Authorization: 'Zoho-oauthtoken good' };

function startWith(...rules: FaultRule[]) {
  const faults = createFaults({ rules });
  return { ...startSandbox({ faults }), faults };
}

/** The answer as it comes, whatever its body is. */
function raw({ sandbox }: Caller, method: string, path: string, body?: object, signal?: AbortSignal) {
  const url = `http://sandbox.test/inventory/v1${path}?organization_id=${organizationId}`;
  return sandbox.handle(
    new Request(url, {
      method,
      headers: authorized,
      ...(body ? { body: JSON.stringify(body) } : {}),
      ...(signal ? { signal } : {}),
    }),
  );
}

const create = (caller: Caller, name = 'Ann') => raw(caller, 'POST', '/contacts', { contact_name: name });

const names = ({ sandbox }: Caller) =>
  sandbox.database
    .prepare('SELECT contact_name FROM contact')
    .all()
    .map((row) => row.contact_name);

const grant = {
  method: 'POST',
  body: new URLSearchParams({
    grant_type: 'refresh_token',
    client_id: '1000.SANDBOX',
    client_secret: 'sandbox-secret',
    refresh_token: '1000.sandbox.refresh',
  }),
};

describe('a fault', () => {
  it.each<[FaultRule, boolean]>([
    [{ fault: 'reset_before' }, false],
    [{ fault: 'reset_after' }, true],
    [{ fault: 'rate_limited' }, false],
    [{ fault: 'server_error' }, false],
    [{ fault: 'server_error', commit: 'after' }, true],
    [{ fault: 'code', code: 1002 }, false],
    [{ fault: 'html' }, false],
    [{ fault: 'html', commit: 'after' }, true],
    [{ fault: 'cut_json' }, true],
    [{ fault: 'slow_body', ms: 0 }, true],
    [{ fault: 'token_expired' }, false],
  ])('%j is shown, and what was written is told rightly: %s', async (rule, committed) => {
    const caller = startWith(rule);
    await create(caller).catch(() => {});
    const shown = { rule: 0, fault: rule.fault, method: 'POST', path: '/inventory/v1/contacts', committed };
    expect(caller.faults.fired).toEqual([shown]);
    expect(names(caller)).toEqual(committed ? ['Ann'] : []);
  });

  it('is not told as committed where the sandbox itself refused the request', async () => {
    const caller = startWith({ fault: 'reset_after' });
    await expect(raw(caller, 'POST', '/contacts', {})).rejects.toThrow('reset');
    expect(caller.faults.fired).toMatchObject([{ committed: false }]);
  });

  it('counts as a call and stands in the log, as what was answered or as no answer', async () => {
    const caller = startWith({ fault: 'reset_before', count: 1 }, { fault: 'server_error', status: 503 });
    await create(caller).catch(() => {});
    await create(caller);
    expect(caller.sandbox.callsSeen()).toBe(2);
    expect(caller.sandbox.log.map(({ status }) => status)).toEqual([0, 503]);
  });

  it('that resets breaks the promise as a network would', async () => {
    await expect(create(startWith({ fault: 'reset_before' }))).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('that resets in the body gives the head and half, then breaks', async () => {
    const caller = startWith({ fault: 'reset_after', in_body: true });
    const answer = await create(caller);
    expect(answer.status).toBe(201);
    const reader = answer.body?.getReader();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toMatch(/^\{"code":0,/);
    await expect(reader?.read()).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(names(caller)).toEqual(['Ann']);
  });

  it.each<[FaultRule, string[]]>([
    [{ fault: 'no_answer_before' }, []],
    [{ fault: 'no_answer_after' }, ['Ann']],
  ])('%j gives no answer until the caller leaves', async (rule, written) => {
    const caller = startWith(rule);
    const leaving = new AbortController();
    let settled = false;
    const answer = raw(caller, 'POST', '/contacts', { contact_name: 'Ann' }, leaving.signal).finally(() => {
      settled = true;
    });
    const ended = expect(answer).rejects.toThrow('gone');
    while (caller.faults.fired.length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(settled).toBe(false);
    leaving.abort(new Error('gone'));
    await ended;
    expect(names(caller)).toEqual(written);
  });

  it.each<[FaultRule, string | null, string | null, number]>([
    [{ fault: 'rate_limited' }, null, null, 48],
    [{ fault: 'rate_limited', code: 44, retry_after: 7 }, '7', null, 44],
    [{ fault: 'rate_limited', code: 45, retry_after_date: 60 }, 'Mon, 16 Mar 2026 19:01:00 GMT', null, 45],
    [{ fault: 'rate_limited', code: 1070, reset: 34881 }, null, '34881', 1070],
    [{ fault: 'rate_limited', code: 43, retry_after: 3600 }, '3600', null, 43],
  ])('%j is a 429 with the headers that were asked for', async (rule, retryAfter, reset, code) => {
    const answer = await create(startWith(rule));
    expect(answer.status).toBe(429);
    expect(answer.headers.get('retry-after')).toBe(retryAfter);
    expect(answer.headers.get('x-rate-limit-reset')).toBe(reset);
    expect(await answer.json()).toEqual({ code, message: 'Rate limit exceeded' });
  });

  it('can be a refusal under HTTP 200, a page, or JSON that stops in its middle', async () => {
    const caller = startWith(
      { fault: 'code', code: 1002, message: 'No.', count: 1 },
      { fault: 'html', status: 502, count: 1 },
      { fault: 'cut_json' },
    );
    const refused = await create(caller);
    expect([refused.status, await refused.json()]).toEqual([200, { code: 1002, message: 'No.' }]);
    const page = await create(caller);
    expect([page.status, page.headers.get('content-type')]).toEqual([502, 'text/html;charset=UTF-8']);
    expect(await page.text()).toMatch(/^<!DOCTYPE html>/);
    const cut = await create(caller);
    expect(cut.status).toBe(201);
    const text = await cut.text();
    expect(text).toMatch(/^\{"code":0,/);
    expect(() => JSON.parse(text)).toThrow();
  });

  it('that drips the body gives all of it in the end, waiting as long as it was told', async () => {
    const waits: number[] = [];
    const faults = createFaults({ rules: [{ fault: 'slow_body', ms: 900, pieces: 4 }] }, async (ms) => {
      waits.push(ms);
    });
    const answer = await create(startSandbox({ faults }));
    expect(waits).toEqual([]);
    expect(await answer.json()).toMatchObject({ code: 0, contact: { contact_name: 'Ann' } });
    expect(waits).toEqual([300, 300, 300]);
  });

  it.each([57, 14] as const)(
    'that expires the token answers 401 with code %i, and the token stays dead',
    async (code) => {
      const caller = startWith({ fault: 'token_expired', code });
      const { body } = await caller.send('/oauth/v2/token', grant);
      const headers = { Authorization: `Zoho-oauthtoken ${body.access_token}` };
      const ask = () => caller.send(`/inventory/v1/contacts?organization_id=${organizationId}`, { headers });
      expect(await ask()).toMatchObject({ status: 401, body: { code } });
      expect(await ask()).toMatchObject({ status: 401, body: { code: 57 } });
      expect((await caller.call('GET', '/contacts')).status).toBe(200);
      expect(caller.faults.fired).toHaveLength(1);
    },
  );

  it('of the token endpoint is an error under HTTP 200, and other faults leave that endpoint alone', async () => {
    const caller = startWith({ fault: 'reset_before' }, { fault: 'token_error', error: 'Access Denied', count: 1 });
    const refused = await caller.send('/oauth/v2/token', grant);
    expect([refused.status, refused.body]).toEqual([200, { error: 'Access Denied' }]);
    expect((await caller.send('/oauth/v2/token', grant)).body.access_token).toBeDefined();
    caller.faults.set({ rules: [{ fault: 'server_error', match: { path: '/oauth/v2/token' } }] });
    expect((await caller.send('/oauth/v2/token', grant)).status).toBe(500);
    expect((await caller.call('GET', '/contacts')).status).toBe(200);
  });
});

describe('the clock of the sandbox', () => {
  const date = (ms: number) => new Date(ms).toUTCString();

  it('is the Date of every answer', async () => {
    const caller = startWith({ fault: 'server_error', match: { method: 'DELETE' } });
    const answers = [
      await raw(caller, 'GET', '/contacts'),
      await create(caller),
      await raw(caller, 'GET', '/nothing'),
      await raw(caller, 'DELETE', '/contacts/1'),
      await caller.sandbox.handle(new Request('http://sandbox.test/oauth/v2/token', grant)),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 201, 404, 500, 200]);
    expect(answers.map(({ headers }) => headers.get('date'))).toEqual(Array(5).fill(date(noon)));
  });

  it('can be off: records, dates, waits and the life of tokens go by it', async () => {
    const caller = startWith(
      { fault: 'clock_skew', ms: -7_200_000 },
      { fault: 'rate_limited', retry_after_date: 60, match: { method: 'GET' } },
    );
    const { headers, body } = await caller.call('POST', '/contacts', { contact_name: 'Ann' });
    expect(headers.get('date')).toBe(date(noon - 7_200_000));
    expect(body.contact).toMatchObject({ created_time: '2026-03-16T10:00:00-0700' });
    expect((await raw(caller, 'GET', '/contacts')).headers.get('retry-after')).toBe(date(noon - 7_200_000 + 60_000));

    const token = (await caller.send('/oauth/v2/token', grant)).body.access_token;
    const use = () =>
      caller.send(`/inventory/v1/contacts?organization_id=${organizationId}`, {
        headers: { Authorization: `Zoho-oauthtoken ${token}` },
      });
    caller.faults.clear();
    expect((await use()).status).toBe(401);
    caller.faults.set({ rules: [{ fault: 'clock_skew', ms: -7_200_000 }] });
    expect((await use()).status).toBe(200);
  });
});

describe('a rule', () => {
  /** Which of so many reads of contacts show the fault. */
  async function hits(rule: object, reads: number, plan: Omit<FaultPlan, 'rules'> = {}): Promise<number[]> {
    const faults = createFaults({ ...plan, rules: [{ fault: 'server_error', ...rule }] });
    const caller = startSandbox({ faults });
    const hit: number[] = [];
    for (let read = 1; read <= reads; read += 1)
      if ((await caller.call('GET', '/contacts')).status === 500) hit.push(read);
    return hit;
  }

  it.each<[object, number[]]>([
    [{}, [1, 2, 3, 4, 5, 6]],
    [{ count: 2 }, [1, 2]],
    [{ after: 3 }, [4, 5, 6]],
    [{ after: 2, count: 2 }, [3, 4]],
    [{ match: { nth: 4 } }, [4]],
    [{ probability: 0 }, []],
  ])('with %j fires at the reads %j of six', async (rule, expected) => {
    expect(await hits(rule, 6)).toEqual(expected);
  });

  it.each<[object, string, string, boolean]>([
    [{ method: 'POST' }, 'POST', '/items', true],
    [{ method: 'POST' }, 'GET', '/items', false],
    [{ path: '/items' }, 'GET', '/items', true],
    [{ path: '/items' }, 'GET', '/items/7', false],
    [{ path: '/items' }, 'GET', '/compositeitems', false],
    [{ path: '/items/{item_id}' }, 'GET', '/items/7', true],
    [{ path: '/items/*' }, 'GET', '/items/7/stock', false],
    [{ path: '/items/*/stock' }, 'GET', '/items/7/stock', true],
    [{ path: '/**' }, 'GET', '/items/7/stock', true],
    [{ path: '/i.ems' }, 'GET', '/items', false],
    [{ path_matches: '^/(items|packages)/\\d+$' }, 'GET', '/packages/8', true],
    [{ path_matches: '^/(items|packages)/\\d+$' }, 'GET', '/packages', false],
    [{ path: '/items/**', path_matches: '9$' }, 'GET', '/items/8', false],
  ])('that matches %j, asked %s %s: %s', async (match, method, path, fires) => {
    const caller = startWith({ fault: 'server_error', match } as FaultRule); // the cases are checked when they are read
    await raw(caller, method, path, method === 'POST' ? {} : undefined);
    expect(caller.faults.fired).toHaveLength(fires ? 1 : 0);
  });

  it('earlier in the list wins, and both have counted the request', async () => {
    const caller = startWith({ fault: 'server_error', match: { nth: 2 } }, { fault: 'html', after: 2 });
    for (let read = 0; read < 3; read += 1) await raw(caller, 'GET', '/contacts');
    expect(caller.faults.fired.map(({ rule }) => rule)).toEqual([0, 1]);
  });

  it('fires about as often as its probability says, and the same way again for the same seed', async () => {
    const first = await hits({ probability: 0.3 }, 400, { seed: 5 });
    expect(first.length).toBeGreaterThan(90);
    expect(first.length).toBeLessThan(150);
    expect(await hits({ probability: 0.3 }, 400, { seed: 5 })).toEqual(first);
    expect(await hits({ probability: 0.3 }, 400, { seed: 6 })).not.toEqual(first);
  });

  it('has its own luck, whatever the rules before it take', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.double({ min: 0, max: 1, noNaN: true }), async (seed, probability) => {
        const shown = async (chanceBefore: number) => {
          const before: FaultRule = { fault: 'html', probability: chanceBefore };
          const faults = createFaults({ seed, rules: [before, { fault: 'server_error', probability }] });
          const caller = startSandbox({ faults });
          for (let read = 0; read < 12; read += 1) await raw(caller, 'GET', `/items/${read}`);
          const pathsOf = (index: number) => faults.fired.filter(({ rule }) => rule === index).map(({ path }) => path);
          return { taken: pathsOf(0), left: pathsOf(1) };
        };
        const alone = await shown(0);
        const { taken, left } = await shown(0.5);
        expect(left).toEqual(alone.left.filter((path) => !taken.includes(path)));
      }),
      { numRuns: 15 },
    );
  });
});

describe('the plan', () => {
  it('can be changed between two requests, and then counts anew', async () => {
    const caller = startWith({ fault: 'server_error', count: 1 });
    expect((await raw(caller, 'GET', '/contacts')).status).toBe(500);
    expect((await raw(caller, 'GET', '/contacts')).status).toBe(200);
    caller.faults.set({ rules: [{ fault: 'server_error', status: 503, count: 1 }] });
    expect(caller.faults.fired).toEqual([]);
    expect((await raw(caller, 'GET', '/contacts')).status).toBe(503);
    caller.faults.clear();
    expect((await raw(caller, 'GET', '/contacts')).status).toBe(200);
    expect(caller.faults.fired).toHaveLength(1);
  });

  it('that cannot be used changes nothing', async () => {
    const caller = startWith({ fault: 'server_error' });
    expect(() => caller.faults.set({ rules: [{ fault: 'slow_body', ms: -1 }] })).toThrow('rules[0].ms');
    expect((await raw(caller, 'GET', '/contacts')).status).toBe(500);
  });
});
