/** Where the accounts of one region live: the host that gives tokens and the host of the API. */
export interface DataCenter {
  readonly accountsUrl: string;
  readonly apiDomain: string;
}

/**
 * Hosts per region. US to CN are in the reference API; SA and UK, and Canada's accounts host, are from Zoho's published
 * OpenAPI documents (read 2026-11-23). The reference prints accounts.zoho.ca for Canada: real accounts are on zohocloud.ca,
 * so that is what stands here; `ZOHO_ACCOUNTS_URL` sets another one.
 */
export const dataCenters = {
  US: { accountsUrl: 'https://accounts.zoho.com', apiDomain: 'https://www.zohoapis.com' },
  EU: { accountsUrl: 'https://accounts.zoho.eu', apiDomain: 'https://www.zohoapis.eu' },
  IN: { accountsUrl: 'https://accounts.zoho.in', apiDomain: 'https://www.zohoapis.in' },
  AU: { accountsUrl: 'https://accounts.zoho.com.au', apiDomain: 'https://www.zohoapis.com.au' },
  JP: { accountsUrl: 'https://accounts.zoho.jp', apiDomain: 'https://www.zohoapis.jp' },
  CA: { accountsUrl: 'https://accounts.zohocloud.ca', apiDomain: 'https://www.zohoapis.ca' },
  CN: { accountsUrl: 'https://accounts.zoho.com.cn', apiDomain: 'https://www.zohoapis.com.cn' },
  SA: { accountsUrl: 'https://accounts.zoho.sa', apiDomain: 'https://www.zohoapis.sa' },
  UK: { accountsUrl: 'https://accounts.zoho.uk', apiDomain: 'https://www.zohoapis.uk' },
} as const satisfies Record<string, DataCenter>;

export type DataCenterName = keyof typeof dataCenters;

/** True for an API host of the table; a token may be sent there even when only a token reply named it. */
export function isKnownApiDomain(url: string): boolean {
  return Object.values(dataCenters).some(({ apiDomain }) => apiDomain === url.replace(/\/+$/, ''));
}
