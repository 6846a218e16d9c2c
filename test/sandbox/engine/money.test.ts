import { describe, expect, test } from 'vitest';
import { type Discount, lineMoney, orderTotals, purchaseCost } from '../../../src/sandbox/engine/money.ts';

const none: Discount = { amountMinor: 0 };
const tax = 8_500_000;
const headphones = (discount: Discount) =>
  lineMoney({ quantityMicro: 25_000_000, rateMicro: 79_990_000, discount, taxPercentageMicro: tax }, 2);
const cables = lineMoney(
  { quantityMicro: 50_000_000, rateMicro: 12_990_000, discount: none, taxPercentageMicro: tax },
  2,
);

describe("the reference's sales order", () => {
  test('comes to 2,889.44 without its discount keys', () => {
    expect(orderTotals([headphones(none), cables], 2_500, -1_000)).toEqual({
      subTotalMinor: 264_925,
      discountTotalMinor: 0,
      taxTotalMinor: 22_519,
      totalMinor: 288_944,
    });
  });

  test('comes to 2,780.94 with them: 100.00 off the first line and the tax on it', () => {
    expect(orderTotals([headphones({ amountMinor: 10_000 }), cables], 2_500, -1_000)).toEqual({
      subTotalMinor: 264_925,
      discountTotalMinor: 10_000,
      taxTotalMinor: 21_669,
      totalMinor: 278_094,
    });
  });
});

describe('a line', () => {
  test('rounds gross, discount and tax once each', () => {
    const line = lineMoney(
      { quantityMicro: 3_000_000, rateMicro: 335_000, discount: { percentMicro: 5_000_000 }, taxPercentageMicro: tax },
      2,
    );
    // 1.005 -> 1.01; 5 % of it 0.0505 -> 0.05; 8.5 % of 0.96 = 0.0816 -> 0.08
    expect(line).toEqual({ grossMinor: 101, discountMinor: 5, taxMinor: 8 });
  });

  test('has whole units in a currency without minor units', () => {
    const line = lineMoney(
      { quantityMicro: 3_000_000, rateMicro: 1_500_500_000, discount: none, taxPercentageMicro: tax },
      0,
    );
    expect(line).toEqual({ grossMinor: 4_502, discountMinor: 0, taxMinor: 383 }); // 4,501.5 and 382.67
  });

  test('is never discounted below zero', () => {
    expect(() => headphones({ amountMinor: 199_976 })).toThrow('Invalid field value');
    expect(headphones({ amountMinor: 199_975 }).taxMinor).toBe(0);
  });
});

describe('the cost of received goods', () => {
  const terms = { exchangeRateMicro: 1_000_000, digits: 2, baseDigits: 2 };
  const line = { quantityMicro: 200_000_000, rateMicro: 45_000_000 };

  test('is the net rate: a discount counts, tax and shipping do not', () => {
    const percent = { ...line, discount: { percentMicro: 2_000_000 } };
    expect(purchaseCost(percent, { ...terms, quantityMicro: 200_000_000 })).toBe(882_000); // 200 x 44.10
    const amount = { ...line, discount: { amountMinor: 10_000 } };
    expect(purchaseCost(amount, { ...terms, quantityMicro: 50_000_000 })).toBe(222_500); // 50 x (45.00 - 0.50)
  });

  test("is in base currency, at the order's exchange rate", () => {
    const euro = { quantityMicro: 25_000_000, rateMicro: 45_454_545, discount: none };
    expect(purchaseCost(euro, { ...terms, exchangeRateMicro: 1_100_000, quantityMicro: 25_000_000 })).toBe(125_000);
    const yen = { quantityMicro: 10_000_000, rateMicro: 1_000_000_000, discount: none };
    const cost = purchaseCost(yen, { exchangeRateMicro: 6_700, digits: 0, baseDigits: 2, quantityMicro: 10_000_000 });
    expect(cost).toBe(6_700); // 10,000 JPY at 0.0067
  });
});
