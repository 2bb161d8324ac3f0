import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  days,
  flag,
  id,
  money,
  optionalId,
  optionalMeasure,
  quantity,
  toDecimal,
} from '../../shared/contracts/csv/cells.ts';
import { time } from '../../shared/contracts/csv/time-cell.ts';

const read = (cell: { safeParse(text: unknown): { success: boolean; data?: unknown } }, text: string) => {
  const result = cell.safeParse(text);
  return result.success ? result.data : 'refused';
};

test.each([
  ['2.55', 25_500],
  ['-11062.06', -110_620_600],
  ['$1,234.50', 12_345_000],
  ['-£3', -30_000],
  ['−3.1', -31_000],
  ['0.001', 10],
  ['.5', 5_000],
  ['1e9', 'refused'],
  ['1,23', 'refused'],
  ['100000000', 'refused'],
  ['', 'refused'],
  ['NaN', 'refused'],
  ['0x10', 'refused'],
])('money %s', (text, amount) => expect(read(money, text)).toBe(amount));

test.each([
  ['0.000025', 0.000025],
  ['12', 12],
  ['1000000', 1_000_000],
  ['0.0000004', 0],
  ['', null],
  ['-1', 'refused'],
  ['1000001', 'refused'],
  ['heavy', 'refused'],
])('a measure of one unit %s', (text, amount) => expect(read(optionalMeasure, text)).toBe(amount));

test('money written as a decimal reads back the same', () => {
  const property = fc.property(fc.integer({ min: -999_999_999_999, max: 999_999_999_999 }), (amount) => {
    expect(read(money, toDecimal(amount))).toBe(amount);
  });
  fc.assert(property);
});

test.each([
  ['6', 6],
  [' -12 ', -12],
  ['6.0', 6],
  ['1,200', 1_200],
  ['1.5', 'refused'],
  ['10000001', 'refused'],
  ['٣', 'refused'],
])('quantity %s', (text, units) => expect(read(quantity, text)).toBe(units));

test.each([
  ['2010-12-01 08:26:00', '2010-12-01 08:26:00.000'],
  ['12/1/2010 8:26', '2010-12-01 08:26:00.000'],
  ['2010-12-01', '2010-12-01 00:00:00.000'],
  ['2010-12-01T08:26:00.25Z', '2010-12-01 08:26:00.250'],
  ['2026-08-04 05:24:22 +0500', '2026-08-04 00:24:22.000'],
  ['2011-02-29', 'refused'],
  ['13/1/2010', 'refused'],
  ['2010-12-01 24:00:00', 'refused'],
  ['1969-12-31', 'refused'],
  ['40513', '2010-12-01 00:00:00.000'],
  ['4051', 'refused'],
])('time %s', (text, expected) => expect(read(time, text)).toBe(expected));

test('ids are trimmed, bounded and free of control characters', () => {
  expect(read(id(3), ' abc ')).toBe('abc');
  expect(read(id(3), 'abcd')).toBe('refused');
  expect(read(id(3), 'a\u0000')).toBe('refused');
  expect(read(optionalId(3), '  ')).toBeNull();
});

test('flags and days take what people write and nothing else', () => {
  expect([read(flag, 'Yes'), read(flag, '0'), read(flag, ''), read(flag, 'maybe')]).toEqual([
    true,
    false,
    false,
    'refused',
  ]);
  expect([read(days, '7'), read(days, '2.5'), read(days, '-1'), read(days, 'soon')]).toEqual([
    7,
    2.5,
    'refused',
    'refused',
  ]);
});
