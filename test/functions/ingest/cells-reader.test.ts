import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { cellsReader } from '../../../functions/ingest/cells-reader.ts';
import { DEFAULT_STYLE, inStyle } from '../../../shared/contracts/csv/cell-style.ts';
import { flatOrders } from '../../../shared/contracts/csv/flat-orders.ts';
import { stockOnHand } from '../../../shared/contracts/csv/stock-on-hand.ts';
import { TEMPLATES } from '../../../shared/contracts/csv/templates.ts';

/** What a schema makes of a row, in words that can be compared. */
function wordsOf(outcome: z.ZodSafeParseResult<unknown>): unknown {
  return outcome.success
    ? Object.entries(outcome.data as object)
    : outcome.error.issues.map(({ path, message }) => [path, message]);
}

const cell = fc.constantFrom(
  '',
  ' A1 ',
  '3',
  '-2',
  '1,234',
  '2.000',
  '03/04/2024',
  '2024-02-30',
  'Returned',
  'x'.repeat(300),
);

test('every row is read as its template reads it, whatever was read before', () => {
  for (const template of TEMPLATES) {
    const columns = [...template.required, ...template.optional];
    const row = fc.array(cell, { minLength: columns.length, maxLength: columns.length });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 12 }), fc.constantFrom('.', ','), (rows, decimal) => {
        const style = { ...DEFAULT_STYLE, decimal } as const;
        const read = cellsReader<unknown>(template.row, style);
        for (const cells of rows) {
          const named = Object.fromEntries(columns.map((name, i) => [name, cells[i]!]));
          expect(wordsOf(read(named))).toEqual(
            wordsOf(inStyle<z.ZodSafeParseResult<unknown>>(style, () => template.row.safeParse(named))),
          );
        }
      }),
      { numRuns: 20 },
    );
  }
});

test('a row that is right in most columns keeps the order of its columns and the fault of the first wrong one', () => {
  const good = Object.fromEntries(flatOrders.required.map((name) => [name, '1']));
  const right = { ...good, OrderDate: '2024-05-01', OrderStatus: 'Delivered' };
  const read = cellsReader<unknown>(flatOrders.row, DEFAULT_STYLE);
  for (const cells of [right, right, { ...right, Quantity: '0', Tax: 'much' }, right])
    expect(wordsOf(read(cells))).toEqual(wordsOf(flatOrders.row.safeParse(cells)));
});

test('rules over several cells hold', () => {
  const read = cellsReader<unknown>(stockOnHand.row, DEFAULT_STYLE);
  const row = { product_id: 'P', location_id: '', quantity: '2', date: '2024-05-01' };
  expect(read({ ...row, committed: '2' }).success).toBe(true);
  expect(read({ ...row, committed: '3' }).success).toBe(false);
});

test('a cell that repeats is read once, and one that never does is not kept', () => {
  let reads = 0;
  const counted = z.object({
    cell: z.string().transform((text) => {
      reads++;
      return text;
    }),
  });
  const repeating = cellsReader(counted, DEFAULT_STYLE);
  for (let i = 0; i < 1_000; i++) repeating({ cell: 'the same' });
  expect(reads).toBe(1);
  const unique = cellsReader(counted, DEFAULT_STYLE);
  for (let i = 0; i < 9_000; i++) unique({ cell: `id ${i}` });
  reads = 0;
  unique({ cell: 'id 0' });
  expect(reads).toBe(1);
});
