import { describe, expect, test } from 'vitest';
import { dataCenters, isKnownApiDomain } from '../../src/client/data-centers.ts';
import { limitsOf, livePlanLimits, type PlanName, planLimits } from '../../src/client/plans.ts';

describe('data centers', () => {
  test('are nine, each with two hosts of its own over https', () => {
    const hosts = Object.values(dataCenters).flatMap(({ accountsUrl, apiDomain }) => [accountsUrl, apiDomain]);
    expect(Object.keys(dataCenters)).toEqual(['US', 'EU', 'IN', 'AU', 'JP', 'CA', 'CN', 'SA', 'UK']);
    expect(new Set(hosts).size).toBe(18);
    expect(hosts.every((host) => /^https:\/\/(accounts|www)\.zoho(apis|cloud)?\.[a-z.]+$/.test(host))).toBe(true);
  });

  test("Canada's accounts host is the live one", () => {
    expect(dataCenters.CA).toEqual({
      accountsUrl: 'https://accounts.zohocloud.ca',
      apiDomain: 'https://www.zohoapis.ca',
    });
  });

  test('only API hosts of the table are known, whole', () => {
    expect(isKnownApiDomain('https://www.zohoapis.com.au/')).toBe(true);
    expect(isKnownApiDomain('http://www.zohoapis.com')).toBe(false);
    expect(isKnownApiDomain('https://www.zohoapis.com.evil.example')).toBe(false);
  });
});

test('the plans have the figures of the reference, and of the hosted service where those are asked for', () => {
  const figures = (table: 'reference' | 'live') =>
    (['free', 'standard', 'professional', 'premium', 'enterprise'] as const).map((plan) => {
      const { perMinute, perDay, atOnce } = limitsOf(plan, table);
      return [perMinute, perDay, atOnce];
    });
  expect(figures('reference')).toEqual([
    [100, 2_500, 5],
    [100, 5_000, 10],
    [100, 10_000, 15],
    [100, 25_000, 20],
    [100, 50_000, 25],
  ]);
  expect(figures('live')).toEqual([
    [100, 1_000, 5],
    [100, 2_500, 10],
    [100, 5_000, 10],
    [100, 5_000, 10],
    [100, 10_000, 10],
  ]);
});

test("the live plans never allow more than the reference's", () => {
  for (const plan of Object.keys(planLimits) as PlanName[]) {
    // Object.keys does not keep the key type
    expect(livePlanLimits[plan].perDay).toBeLessThan(planLimits[plan].perDay);
    expect(livePlanLimits[plan].atOnce).toBeLessThanOrEqual(planLimits[plan].atOnce);
    expect(livePlanLimits[plan].perMinute).toBe(100);
  }
});
