import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { planReversals, type RecordedMovement } from '../../shared/core/inventory/plan-reversals.ts';

const movement = (logId: number, quantityChange: number, type: 'count' | 'reversal' = 'count') =>
  ({
    logId,
    key: `m${logId}`,
    productId: 'mug',
    locationId: 'main',
    date: '2024-01-01 10:00:00.000',
    quantityChange,
    type,
    reason: null,
    referenceId: null,
    isSynthetic: false,
  }) satisfies RecordedMovement;

/** A movement of 4 units with so many reversals after it, numbered from 1, and which takes back which. */
function chain(reversals: number) {
  const rows = Array.from({ length: reversals + 1 }, (_, i) => movement(i + 1, i % 2 === 0 ? 4 : -4));
  return { rows, reversalOf: new Map(rows.slice(1).map((row) => [row.logId - 1, row])) };
}
const idsOf = (rows: readonly RecordedMovement[]) => rows.map(({ logId }) => logId);

describe('taking back', () => {
  test('a movement that counts is reversed', () => {
    const { rows, reversalOf } = chain(0);
    expect(planReversals(rows, reversalOf)).toEqual({ reverse: rows, skipped: [] });
  });

  test('a movement that was taken back already is skipped', () => {
    const { rows, reversalOf } = chain(1);
    expect(planReversals([rows[0]!], reversalOf)).toEqual({ reverse: [], skipped: [1] });
  });

  test('a reversal can be taken back, and then its movement again, at the end of the chain', () => {
    const { rows, reversalOf } = chain(2);
    expect(idsOf(planReversals([rows[0]!], reversalOf).reverse)).toEqual([3]);
    expect(planReversals([rows[1]!], reversalOf)).toEqual({ reverse: [], skipped: [2] });
  });

  test('a movement and its reversal are nothing together', () => {
    const { rows, reversalOf } = chain(1);
    expect(planReversals(rows, reversalOf)).toEqual({ reverse: [], skipped: [1, 2] });
  });

  test('what is asked for twice is taken back once', () => {
    const { rows, reversalOf } = chain(0);
    expect(idsOf(planReversals([rows[0]!, rows[0]!], reversalOf).reverse)).toEqual([1]);
  });

  test('what went out comes back first, and of each kind the newest first', () => {
    const rows = [movement(1, 4), movement(2, -1), movement(3, 7), movement(4, -2)];
    expect(idsOf(planReversals(rows, new Map()).reverse)).toEqual([4, 2, 3, 1]);
  });

  test('whatever is taken back of chains of any length, in any order: none of it counts afterwards', () => {
    fc.assert(
      fc.property(
        fc
          .nat({ max: 5 })
          .chain((reversals) =>
            fc.tuple(
              fc.constant(reversals),
              fc.shuffledSubarray([...Array(reversals + 1).keys()], { minLength: 1 }),
            ),
          ),
        ([reversals, places]) => {
          const { rows, reversalOf } = chain(reversals);
          const { reverse, skipped } = planReversals(
            places.map((place) => rows[place]!),
            reversalOf,
          );
          expect(reverse.length).toBeLessThanOrEqual(1);
          // only the end of the chain may be reversed: the index of the ledger takes one reversal a movement
          for (const { logId } of reverse) expect(logId).toBe(rows.length);
          const written = reversals + reverse.length;
          const asked = [...places].sort((a, b) => b - a);
          // one by one, newest first, comes to the same
          let steps = reversals;
          for (const place of asked) if ((steps - place) % 2 === 0) steps++;
          expect(written % 2).toBe(steps % 2);
          const taken = asked.filter((place) => !skipped.includes(place + 1));
          expect(reverse.length === 0).toBe(taken.length === 0);
        },
      ),
    );
  });
});
