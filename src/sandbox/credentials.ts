/** Credentials the sandbox hands to whoever runs it; they open nothing else. */
export const sandboxCredentials = {
  client_id: '1000.SANDBOX',
  client_secret: 'sandbox-secret',
  refresh_token: '1000.sandbox.refresh',
} as const;

/** A refresh token of credentials that were granted the inventory's scopes alone: the CRM refuses what it is given. */
export const inventoryRefreshToken = '1000.sandbox.refresh.inventory';

/** The authorization code that stands in for the one a person would copy from the API console. */
export const sandboxAuthorizationCode = '1000.sandbox.code';

export const sandboxOrganizationId = '460000000000001';
