import { describe, expect, it } from 'vitest';
import { type Caller, noon, startSandbox } from './calls.ts';

const list = ({ call }: Caller) => call('GET', '/warehouses');

describe('the call limits', () => {
  it('tells on every answer what is left', async () => {
    const caller = startSandbox({ limits: { perMinute: 100, perDay: 5_000 } });
    await list(caller);
    caller.pass(1_000);
    const { headers } = await list(caller);
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-rate-limit-limit': '100',
      'x-rate-limit-remaining': '98',
      'x-rate-limit-reset': String(noon / 1000 + 60),
      'x-rate-limit-day-limit': '5000',
      'x-rate-limit-day-remaining': '4998',
    });
    const refused = await caller.send('/inventory/v1/warehouses');
    expect(refused.status).toBe(401);
    expect(refused.headers.get('x-rate-limit-remaining')).toBe('98');
  });

  it('are 100 a minute, 10,000 a day and 10 at once unless set', async () => {
    const caller = startSandbox({ limits: {} });
    const { headers } = await list(caller);
    expect(headers.get('x-rate-limit-limit')).toBe('100');
    expect(headers.get('x-rate-limit-day-limit')).toBe('10000');
    const replies = await Promise.all(Array.from({ length: 11 }, () => list(caller)));
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(10);
  });

  it('hold in any 60 seconds, not by the clock minute', async () => {
    const caller = startSandbox({ limits: { perMinute: 3 } });
    expect((await list(caller)).status).toBe(200);
    caller.pass(50_000);
    await list(caller);
    await list(caller);
    const refused = await list(caller);
    expect(refused.status).toBe(429);
    expect(refused.body).toEqual({
      code: 48,
      message: 'Rate limit exceeded',
      details: 'All 3 calls of a minute are used.',
    });
    expect(refused.headers.get('retry-after')).toBe('10');
    expect(refused.headers.get('x-rate-limit-remaining')).toBe('0');
    expect(refused.headers.get('x-rate-limit-reset')).toBe(String(noon / 1000 + 60));
    caller.pass(10_000);
    expect((await list(caller)).status).toBe(200);
    expect((await list(caller)).status).toBe(429);
  });

  it('do not count what was refused, so that waiting as told is enough', async () => {
    const caller = startSandbox({ limits: { perMinute: 1 } });
    await list(caller);
    for (let count = 0; count < 5; count += 1) expect((await list(caller)).status).toBe(429);
    caller.pass(60_000);
    expect((await list(caller)).status).toBe(200);
  });

  it('of a day start again at midnight UTC', async () => {
    const caller = startSandbox({ limits: { perDay: 2 } });
    await list(caller);
    await list(caller);
    const refused = await list(caller);
    expect(refused.status).toBe(429);
    // Noon in Oakland in summer time is 19:00 UTC.
    expect(refused.headers.get('retry-after')).toBe(String(5 * 3600));
    expect(refused.headers.get('x-rate-limit-day-remaining')).toBe('0');
    caller.pass(5 * 3_600_000);
    expect((await list(caller)).status).toBe(200);
  });

  it('refuse what overlaps beyond the number allowed at once, and let the next one in', async () => {
    const caller = startSandbox({ limits: { atOnce: 2 } });
    const replies = await Promise.all([list(caller), list(caller), list(caller)]);
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(replies[2]?.headers.get('retry-after')).toBe('1');
    expect((await list(caller)).status).toBe(200);
  });

  it('let a call go whose body broke off', async () => {
    const caller = startSandbox({ limits: { atOnce: 1 } });
    const broken = new ReadableStream({ start: (controller) => controller.error(new Error('gone')) });
    const init = {
      method: 'POST',
      headers: { Authorization: 'Zoho-oauthtoken good' },
      body: broken,
      duplex: 'half',
    } as const;
    const reply = await caller.send('/inventory/v1/warehouses', init);
    expect(reply.body).toMatchObject({ code: 1, details: 'The request body broke off.' });
    expect((await list(caller)).status).toBe(200);
  });
});
