/** What a code of the envelope means for the caller. Kinds are those of `errors.ts`. */
export interface CodeMeaning {
  readonly kind: 'unauthorized' | 'not_found' | 'rejected' | 'unavailable' | 'rate_limited' | 'scope_or_token';
  /** What to do next. */
  readonly next: string;
}

const organization = 'Check ZOHO_ORGANIZATION_ID; list_organizations shows the ids these credentials may use.';
const lookUp = 'Look the record up by name or number to get its id.';
const callLimit: CodeMeaning = { kind: 'rate_limited', next: '' };

/**
 * Codes of the reference API (1, 2, 6, 36, 41, 48, 57, 1001 to 1010) and of the live one (5, 14, 43, 44, 45, 57, 1070,
 * 6041; read 2026-11-23). A code that is not here is a refusal without advice.
 */
const meanings: Readonly<Record<number, CodeMeaning>> = {
  1: { kind: 'rejected', next: 'Check the arguments.' },
  2: { kind: 'unauthorized', next: organization },
  5: { kind: 'not_found', next: lookUp },
  6: { kind: 'unavailable', next: 'Try again in a minute.' },
  14: { kind: 'unauthorized', next: 'Check the access token (ZOHO_ACCESS_TOKEN) or the refresh token settings.' },
  36: { kind: 'rejected', next: 'A record like this exists: find it and update it instead.' },
  41: { kind: 'not_found', next: lookUp },
  43: callLimit,
  44: callLimit,
  45: callLimit,
  48: callLimit,
  57: { kind: 'scope_or_token', next: '' },
  1001: { kind: 'rejected', next: 'Give the missing field.' },
  1002: { kind: 'rejected', next: 'Correct the field.' },
  1003: {
    kind: 'rejected',
    next: 'Check the stock of the items, on hand and in which warehouse, and lower the quantity.',
  },
  1004: { kind: 'not_found', next: 'Find the item by name or SKU to get its id.' },
  1005: { kind: 'not_found', next: 'list_warehouses shows the ids.' },
  1010: {
    kind: 'unauthorized',
    next: "The user behind these credentials may not do this: the organization's administrator can allow it.",
  },
  1070: callLimit,
  6041: { kind: 'unauthorized', next: organization },
};

export const meaningOf = (code: number): CodeMeaning | undefined => meanings[code];
