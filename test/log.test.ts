import { describe, expect, it } from 'vitest';
import { createHide } from '../src/log.ts';

describe('what the log hides', () => {
  const hide = createHide(['client-secret-1', '1000.refresh.token', 'short']);

  it('is every secret it was told of, wherever it stands and however often', () => {
    expect(hide('client-secret-1, {"a":"1000.refresh.token"} client-secret-1')).toBe(
      '[hidden], {"a":"[hidden]"} [hidden]',
    );
  });

  it('is any token behind its scheme, told of or not', () => {
    expect(hide('authorization: Zoho-oauthtoken 1000.x.y, Bearer abc"')).toBe(
      'authorization: Zoho-oauthtoken [hidden], Bearer [hidden]"',
    );
  });

  it('is not what ordinary words are made of', () => {
    expect(hide('a short line')).toBe('a short line');
  });
});
