/**
 * Stock codes of the UCI files that are no articles: postage, carriage, samples, discounts, manual bookings,
 * bank and marketplace fees, commissions, bad debt, vouchers, and the free pads that go with cushions.
 */
const SERVICE_CODES: ReadonlySet<string> = new Set([
  'POST',
  'DOT',
  'C2',
  'C3',
  'M',
  'D',
  'S',
  'B',
  'PADS',
  'BANK CHARGES',
  'AMAZONFEE',
  'CRUK',
  'ADJUST',
  'ADJUST2',
]);

/** Whether a stock code, in capitals, names a service. */
export const isServiceCode = (code: string): boolean =>
  SERVICE_CODES.has(code) || code.startsWith('GIFT_') || /^TEST\d*$/.test(code);
