import { describe, expect, test } from 'vitest';
import { NetworkFailure } from '../../src/client/failures.ts';
import { createTokenSource, fixedToken, type PostForm } from '../../src/client/token.ts';

type Answer = Record<string, unknown> | string | NetworkFailure;

/** An accounts host that gives the answers in turn, each when `answer()` is called or at once. */
function accounts(answers: Answer[], { held = false } = {}) {
  const posts: { url: string; form: Readonly<Record<string, string>> }[] = [];
  let release = () => {};
  const gate = held
    ? new Promise<void>((resolve) => {
        release = resolve;
      })
    : Promise.resolve();
  let nowMs = 1_000_000;
  const post: PostForm = async (url, form) => {
    posts.push({ url, form });
    const answer = answers[posts.length - 1] ?? answers.at(-1) ?? '';
    await gate;
    if (answer instanceof NetworkFailure) throw answer;
    return { status: 200, text: typeof answer === 'string' ? answer : JSON.stringify(answer) };
  };
  const tokens = createTokenSource({
    accountsUrl: 'https://accounts.zoho.eu/',
    clientId: 'id',
    clientSecret: 'secret',
    refreshToken: 'refresh',
    now: () => nowMs,
    post,
  });
  return { tokens, posts, release, pass: (seconds: number) => (nowMs += seconds * 1000) };
}

const given = (access_token: string, expires_in: number = 3600) => ({ access_token, expires_in, token_type: 'Bearer' });

describe('the refresh grant', () => {
  test('is a form to the accounts host', async () => {
    const { tokens, posts } = accounts([given('a')]);
    expect(await tokens.get()).toBe('a');
    expect(posts).toEqual([
      {
        url: 'https://accounts.zoho.eu/oauth/v2/token',
        form: { grant_type: 'refresh_token', client_id: 'id', client_secret: 'secret', refresh_token: 'refresh' },
      },
    ]);
  });

  test('twenty callers share one refresh', async () => {
    const { tokens, posts, release } = accounts([given('a')], { held: true });
    const all = Promise.all(Array.from({ length: 20 }, () => tokens.get()));
    release();
    expect(new Set(await all)).toEqual(new Set(['a']));
    expect(posts).toHaveLength(1);
  });

  test('a caller who leaves is told at once, and the others still get the token', async () => {
    const { tokens, posts, release } = accounts([given('a')], { held: true });
    const caller = new AbortController();
    const first = tokens.get(caller.signal);
    const second = tokens.get();
    caller.abort();
    await expect(first).rejects.toMatchObject({ kind: 'cancelled', nothingSent: true });
    release();
    expect(await second).toBe('a');
    expect(posts).toHaveLength(1);
  });

  test.each([
    { life: 3600, good: 3359 },
    { life: 60, good: 29 },
  ])('a token of $life s is used for $good s and then renewed before its end', async ({ life, good }) => {
    const { tokens, pass } = accounts([given('a', life), given('b', life)]);
    await tokens.get();
    pass(good);
    expect(await tokens.get()).toBe('a');
    pass(2);
    expect(await tokens.get()).toBe('b');
  });

  test('only the very token that was refused is dropped', async () => {
    const { tokens, posts } = accounts([given('a'), given('b')]);
    tokens.drop(await tokens.get());
    expect(await tokens.get()).toBe('b');
    tokens.drop('a');
    expect(await tokens.get()).toBe('b');
    expect(posts).toHaveLength(2);
  });

  test('the API host of the reply is told', async () => {
    const { tokens } = accounts([{ ...given('a'), api_domain: 'https://www.zohoapis.eu' }]);
    expect(tokens.apiDomain()).toBeUndefined();
    await tokens.get();
    expect(tokens.apiDomain()).toBe('https://www.zohoapis.eu');
  });
});

describe('a refusal, which comes as HTTP 200', () => {
  test.each([
    ['invalid_code', /ZOHO_REFRESH_TOKEN/],
    ['invalid_client', /ZOHO_CLIENT_ID/],
    ['invalid_client_secret', /ZOHO_CLIENT_SECRET/],
    ['something_new', /ZOHO_CLIENT_ID.*ZOHO_REFRESH_TOKEN/],
  ])('%s names the setting to look at', async (error, setting) => {
    const attempt = accounts([{ error }]).tokens.get();
    await expect(attempt).rejects.toMatchObject({ kind: 'unauthorized', nothingSent: true });
    await expect(attempt).rejects.toThrow(setting);
  });

  test('no error shows the secret or the refresh token', async () => {
    const { message } = await accounts([{ error: 'invalid_code', secret: 'refresh' }])
      .tokens.get()
      .then(
        () => new Error('no refusal'),
        (error: Error) => error,
      );
    expect(message).not.toMatch(/\bsecret\b.*=|1000\./);
    expect(message).toContain('ZOHO_REFRESH_TOKEN');
  });

  test('too many tokens is a rate limit, and nobody asks again before its end', async () => {
    const denied = { error: 'Access Denied', error_description: 'You have made too many requests continuously.' };
    const { tokens, posts, pass } = accounts([denied, given('a')]);
    await expect(tokens.get()).rejects.toMatchObject({
      kind: 'rate_limited',
      retryAfterSeconds: 600,
      nothingSent: true,
    });
    pass(100);
    await expect(tokens.get()).rejects.toMatchObject({ kind: 'rate_limited', retryAfterSeconds: 500 });
    expect(posts).toHaveLength(1);
    pass(500);
    expect(await tokens.get()).toBe('a');
  });

  test('a failed refresh is not kept: the next caller asks again', async () => {
    const { tokens } = accounts([new NetworkFailure('lost', 'the connection broke'), given('a')]);
    await expect(tokens.get()).rejects.toMatchObject({ name: 'NetworkFailure', outcome: 'notSent' });
    expect(await tokens.get()).toBe('a');
  });

  test('a page instead of JSON means that no API request has left', async () => {
    await expect(accounts(['<html>']).tokens.get()).rejects.toMatchObject({ outcome: 'notSent' });
  });
});

test('a token given from outside stays, whatever is said of it', async () => {
  const tokens = fixedToken('given');
  tokens.drop('given');
  expect(await tokens.get()).toBe('given');
  expect(tokens.renewable).toBe(false);
});

test('an error that repeats what was sent is not handed on', async () => {
  const { tokens } = accounts([{ error: 'no such refresh: refresh' }]);
  await expect(tokens.get()).rejects.toMatchObject({ kind: 'unauthorized', facts: { token_error: 'other' } });
  const known = accounts([{ error: 'invalid_client' }]);
  await expect(known.tokens.get()).rejects.toMatchObject({ facts: { token_error: 'invalid_client' } });
});
