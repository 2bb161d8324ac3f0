import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CellStyle, DEFAULT_STYLE, inStyle } from '../../shared/contracts/csv/cell-style.ts';
import { money, quantity } from '../../shared/contracts/csv/cells.ts';
import { detectStyle } from '../../shared/contracts/csv/detect-style.ts';
import { readMoney, readNumber } from '../../shared/contracts/csv/number-text.ts';
import { time } from '../../shared/contracts/csv/time-cell.ts';
import { readTime } from '../../shared/contracts/csv/time-text.ts';
import { instantOf, zoneNamed } from '../../shared/contracts/csv/zone-time.ts';

const COMMA: CellStyle = { decimal: ',', dates: 'day-first', timeZone: 'Europe/Berlin' };
const NEW_YORK: CellStyle = { ...DEFAULT_STYLE, timeZone: 'America/New_York' };

test.each([
  ['1,234.5', 1234.5],
  ['−12', -12],
  ['(12)', -12],
  ['12-', -12],
  ["'0012", 12],
  ['1 234 567', 1_234_567],
  ['1\u202f234', 1234],
  ['+7', 7],
  ["1'234.50", 1234.5],
  ['1,23', undefined],
  ['1.234,5', undefined],
  ['12 34', undefined],
  ['--5', undefined],
  ['(-5)', undefined],
  ['$5', undefined],
  ['1e3', undefined],
  ['', undefined],
])('number %s with a decimal point', (text, value) => expect(readNumber(text, DEFAULT_STYLE)).toBe(value));

test.each([
  ['1.234,5', 1234.5],
  ['12,50', 12.5],
  ['1.234', 1234],
  ['-0,5', -0.5],
  ['1234', 1234],
  ['1,234.5', undefined],
  ['2.55', undefined],
])('number %s with a decimal comma', (text, value) => expect(readNumber(text, COMMA)).toBe(value));

test.each([
  ['$1,234.00', DEFAULT_STYLE, 1234],
  ['($12.50)', DEFAULT_STYLE, -12.5],
  ['-£3', DEFAULT_STYLE, -3],
  ['$-3', DEFAULT_STYLE, -3],
  ['US$ 4', DEFAULT_STYLE, 4],
  ['USD 4.10', DEFAULT_STYLE, 4.1],
  ['4.10 EUR', DEFAULT_STYLE, 4.1],
  ['1.234,50 €', COMMA, 1234.5],
  ['−1.234,50 €', COMMA, -1234.5],
  ['12 pieces', DEFAULT_STYLE, undefined],
  ['$', DEFAULT_STYLE, undefined],
] as const)('money %s', (text, style, value) => expect(readMoney(text, style)).toBe(value));

test('every amount written with marks of thousands reads back, in either style', () => {
  fc.assert(
    fc.property(fc.integer({ min: -99_999_999_99, max: 99_999_999_99 }), (cents) => {
      const amount = cents / 100;
      const english = amount.toLocaleString('en-US', { minimumFractionDigits: 2 });
      const german = amount.toLocaleString('de-DE', { minimumFractionDigits: 2 });
      expect(readNumber(english, DEFAULT_STYLE)).toBe(amount);
      expect(readNumber(german, COMMA)).toBe(amount);
    }),
  );
});

test.each([
  ['2026-08-04 05:24:22 +0500', '2026-08-04 00:24:22.000'],
  ['2026-08-04T05:24:22-07:00', '2026-08-04 12:24:22.000'],
  ['2024/01/04 10:00:00 JST', '2024-01-04 01:00:00.000'],
  ['20240104', '2024-01-04 00:00:00.000'],
  ['2/13/2024 1:05 PM', '2024-02-13 13:05:00.000'],
  ['2/13/2024 12:05 AM', '2024-02-13 00:05:00.000'],
  ['02-13-2024', '2024-02-13 00:00:00.000'],
  ['13/2/2024', undefined],
  ['2/13/24', undefined],
  ['Jan 4, 2024 3:05:06 PM PST', '2024-01-04 23:05:06.000'],
  ['4 January 2024', '2024-01-04 00:00:00.000'],
  ['04-Jan-2024 10:15', '2024-01-04 10:15:00.000'],
  ['Sept 4, 2024', '2024-09-04 00:00:00.000'],
  ['4 Jun 24', undefined],
  ['4 Foo 2024', undefined],
  ['45292', '2024-01-01 00:00:00.000'],
  ['45292.5', '2024-01-01 12:00:00.000'],
  // the last day of February 2024, counted as Excel counts with its 29 February 1900
  ['45351', '2024-02-29 00:00:00.000'],
  ['60', undefined],
  ['2024-01-04 10:00 IST', undefined],
  ['2024-01-04 10:00 +2900', undefined],
])('time %s', (text, value) => expect(readTime(text, DEFAULT_STYLE)).toBe(value));

test.each([
  ['13/02/2024', '2024-02-13 00:00:00.000'],
  ['3.4.2024 10:00', '2024-04-03 08:00:00.000'],
  ['3.2.2024 10:00', '2024-02-03 09:00:00.000'],
  // a date without a time is that day, wherever its zone is
  ['2024-07-01', '2024-07-01 00:00:00.000'],
  ['45292,5', '2024-01-01 11:00:00.000'],
  ['02/13/2024', undefined],
])('time %s in a German file', (text, value) => expect(readTime(text, COMMA)).toBe(value));

test('a time that clocks skipped is as much later; one they showed twice is the first', () => {
  expect(readTime('2024-03-10 01:59:59', NEW_YORK)).toBe('2024-03-10 06:59:59.000');
  expect(readTime('2024-03-10 02:30:00', NEW_YORK)).toBe('2024-03-10 07:30:00.000');
  expect(readTime('2024-03-10 03:00:00', NEW_YORK)).toBe('2024-03-10 07:00:00.000');
  expect(readTime('2024-11-03 01:30:00', NEW_YORK)).toBe('2024-11-03 05:30:00.000');
  expect(readTime('2024-11-03 02:00:00', NEW_YORK)).toBe('2024-11-03 07:00:00.000');
});

test('every instant of a zone without changes of the clock, and all but the repeated hour elsewhere, reads back', () => {
  const zones = ['America/New_York', 'Europe/Berlin', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Asia/Tokyo'];
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.integer({ min: Date.UTC(2000), max: Date.UTC(2037) }),
      (timeZone, ms) => {
        const instant = Math.floor(ms / 1000) * 1000;
        const shown = new Date(instant).toLocaleString('sv-SE', { timeZone });
        const read = instantOf(Date.parse(`${shown.replace(' ', 'T')}Z`), timeZone);
        // what reads back to another instant is the second showing of an hour
        if (read !== instant) {
          expect(new Date(read).toLocaleString('sv-SE', { timeZone })).toBe(shown);
          expect(read).toBeLessThan(instant);
        }
      },
    ),
  );
});

test('every second of the years that are read is written back as it was, whichever way it is read', () => {
  const range = { min: Date.UTC(1970) / 1000, max: Date.UTC(2200) / 1000 - 1 };
  fc.assert(
    fc.property(fc.integer(range), (second) => {
      const written = new Date(second * 1000).toISOString().slice(0, 19).replace('T', ' ');
      expect(readTime(written, DEFAULT_STYLE)).toBe(`${written}.000`);
      expect(readTime(`${written}Z`, NEW_YORK)).toBe(`${written}.000`);
      expect(readTime(written.slice(0, 10), NEW_YORK)).toBe(`${written.slice(0, 10)} 00:00:00.000`);
    }),
  );
});

test('zones are named as IANA or as Square shows them, never by bare abbreviations', () => {
  expect(zoneNamed('Eastern Time (US & Canada)')).toBe('America/New_York');
  expect(zoneNamed('Europe/London')).toBe('Europe/London');
  expect(zoneNamed('UTC')).toBe('UTC');
  expect(zoneNamed('Mars/Olympus')).toBeUndefined();
  expect(zoneNamed('IST')).toBeUndefined();
});

test('the cells of templates follow the style they are read in, and it ends with the reading', () => {
  const read = () => [quantity.parse('1.200'), money.parse('12,50'), time.parse('3.4.2024')];
  expect(inStyle(COMMA, read)).toEqual([1200, 125_000, '2024-04-03 00:00:00.000']);
  expect(time.parse('3.4.2024')).toBe('2024-03-04 00:00:00.000');
  expect(() => inStyle(COMMA, () => quantity.parse('x'))).toThrow();
  expect(money.parse('12.50')).toBe(125_000);
});

const column = (name: string, ...cells: string[]) => ({ name, cells });

test('one cell that can be read only one way decides the style, and is named', () => {
  const found = detectStyle([
    column('price', '1,234', '12,50', ''),
    column('when', '03/04/2024', '13/02/2024 10:00'),
    column('note', '1.5', 'about 3'),
  ]);
  expect(found.decimal).toEqual({
    status: 'found',
    value: ',',
    evidence: { column: 'price', text: '12,50' },
  });
  expect(found.dates).toEqual({
    status: 'found',
    value: 'day-first',
    evidence: { column: 'when', text: '13/02/2024 10:00' },
  });
});

test('cells that can be read both ways are ambiguous, cells that differ contradict each other', () => {
  const ambiguous = detectStyle([column('n', '1,234', '5'), column('d', '03/04/2024', '5/5/2024')]);
  expect(ambiguous.decimal).toEqual({ status: 'ambiguous', example: { column: 'n', text: '1,234' } });
  expect(ambiguous.dates).toEqual({ status: 'ambiguous', example: { column: 'd', text: '03/04/2024' } });
  const torn = detectStyle([column('n', '1.5', '2,5'), column('d', '13/02/2024', '02/13/2024')]);
  expect([torn.decimal.status, torn.dates.status]).toEqual(['contradictory', 'contradictory']);
});

test('files whose cells do not depend on a style have none', () => {
  const found = detectStyle([column('n', '12', '-3'), column('d', '2024-02-13', '2024-03-04')]);
  expect([found.decimal.status, found.dates.status]).toEqual(['absent', 'absent']);
});
