import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  bookMovements,
  bookOrRefuse,
  type MovementFact,
  positionKey,
  type StockPosition,
  UNEXPLAINED_SHORTAGE,
} from '../../shared/core/inventory/book-movements.ts';

const PRODUCTS = ['mug', 'lamp', 'clock'];
const fact = (key: string, productId: string, quantityChange: number): MovementFact => ({
  key,
  productId,
  locationId: 'main',
  date: '2011-12-09',
  quantityChange,
  type: quantityChange < 0 ? 'sale' : 'receipt',
  reason: null,
  referenceId: `order-${key}`,
});
const stockOf = (levels: Readonly<Record<string, number>>, backordersAllowed = false) =>
  new Map<string, StockPosition>(
    Object.entries(levels).map(([productId, level]) => {
      const position = { productId, locationId: 'main', level, committed: 0, backordersAllowed };
      return [positionKey(position), position];
    }),
  );
/** The same with units promised of each. */
const promised = (levels: Readonly<Record<string, number>>, committed: number, backordersAllowed = false) =>
  new Map(
    [...stockOf(levels, backordersAllowed)].map(([key, position]) => [key, { ...position, committed }]),
  );
const keyOf = (productId: string): string => positionKey({ productId, locationId: 'main' });

const anyStock = fc.record(Object.fromEntries(PRODUCTS.map((product) => [product, fc.nat({ max: 20 })])));
const anyFacts = fc
  .array(
    fc.tuple(
      fc.constantFrom(...PRODUCTS),
      fc.integer({ min: -15, max: 15 }).filter((change) => change !== 0),
    ),
    { maxLength: 40 },
  )
  .map((pairs) => pairs.map(([product, change], i) => fact(`f${i}`, product, change)));

describe('facts', () => {
  test('a sale of 5 with 3 in stock is preceded by an adjustment of 2 that names it', () => {
    const { movements, levels, shortages } = bookMovements(stockOf({ mug: 3 }), [fact('s1', 'mug', -5)]);
    expect(movements).toMatchObject([
      {
        key: 's1:shortage',
        type: 'adjustment',
        reason: UNEXPLAINED_SHORTAGE,
        quantityChange: 2,
        level: 5,
        shortageOf: 's1',
      },
      { key: 's1', type: 'sale', quantityChange: -5, level: 0, shortageOf: null },
    ]);
    expect(levels.get(keyOf('mug'))).toBe(0);
    expect(shortages).toBe(1);
  });

  test('nothing appears or disappears: the last level is the first plus all changes', () => {
    fc.assert(
      fc.property(anyStock, anyFacts, (stock, facts) => {
        const { movements, levels } = bookMovements(stockOf(stock), facts);
        for (const product of PRODUCTS) {
          const own = movements.filter((movement) => movement.productId === product);
          const sum = own.reduce((total, movement) => total + movement.quantityChange, stock[product]!);
          expect(levels.get(keyOf(product)) ?? stock[product]).toBe(sum);
        }
        expect(movements.filter((movement) => movement.shortageOf === null)).toMatchObject(facts);
      }),
    );
  });

  test('each level follows from the one before, and none is negative', () => {
    fc.assert(
      fc.property(anyStock, anyFacts, (stock, facts) => {
        const level = new Map(Object.entries(stock));
        for (const movement of bookMovements(stockOf(stock), facts).movements) {
          expect(movement.level).toBe(level.get(movement.productId)! + movement.quantityChange);
          expect(movement.level).toBeGreaterThanOrEqual(0);
          level.set(movement.productId, movement.level);
        }
      }),
    );
  });

  test('there is no shortage when the stock suffices', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const plenty = Object.fromEntries(PRODUCTS.map((product) => [product, 1000]));
        const { shortages, movements } = bookMovements(stockOf(plenty), facts);
        expect(shortages).toBe(0);
        expect(movements).toHaveLength(facts.length);
      }),
    );
  });

  test('facts of other products in between change nothing', () => {
    fc.assert(
      fc.property(anyStock, anyFacts, (stock, facts) => {
        const together = bookMovements(stockOf(stock), facts).movements;
        for (const product of PRODUCTS) {
          const mine = facts.filter(({ productId }) => productId === product);
          const alone = bookMovements(stockOf(stock), mine).movements;
          expect(together.filter(({ productId }) => productId === product)).toEqual(alone);
        }
      }),
    );
  });

  test('where backorders are allowed the level may fall below zero, without an adjustment', () => {
    const { movements, levels, shortages } = bookMovements(stockOf({ mug: 1 }, true), [fact('s', 'mug', -4)]);
    expect(movements).toHaveLength(1);
    expect(levels.get(keyOf('mug'))).toBe(-3);
    expect(shortages).toBe(0);
  });

  test('a position that is not known starts at zero, and one without facts is not listed', () => {
    const { levels } = bookMovements(stockOf({ lamp: 4 }), [fact('r', 'mug', 6)]);
    expect([...levels]).toEqual([[keyOf('mug'), 6]]);
  });

  test.each([
    ['a sale that comes in', 'sale', 3, null],
    ['a receipt that leaves', 'receipt', -3, null],
    ['nothing at all', 'adjustment', 0, 'count'],
    ['an adjustment without a reason', 'adjustment', 3, ' '],
    ['a reversal without a reason', 'reversal', -3, null],
  ] as const)('%s is no movement', (_, type, quantityChange, reason) => {
    const impossible = { ...fact('x', 'mug', quantityChange), type, reason };
    expect(() => bookMovements(stockOf({ mug: 9 }), [impossible])).toThrow(RangeError);
  });

  test('what is promised does not keep a fact from leaving', () => {
    const { levels, shortages } = bookMovements(promised({ mug: 5 }, 4), [fact('s', 'mug', -3)]);
    expect([levels.get(keyOf('mug')), shortages]).toEqual([2, 0]);
  });

  test('what its type forbids is no movement', () => {
    for (const wrong of [{ type: 'receipt' }, { type: 'adjustment', reason: ' ' }] as const)
      expect(() => bookMovements(stockOf({}), [{ ...fact('w', 'mug', -1), ...wrong }])).toThrow(RangeError);
  });

  test('half a unit is no movement', () => {
    expect(() => bookMovements(stockOf({}), [fact('h', 'mug', 0.5)])).toThrow(RangeError);
  });
});

describe('orders', () => {
  test('two lines that fit one by one and not together are refused, and nothing is booked', () => {
    const answer = bookOrRefuse(stockOf({ mug: 5, lamp: 9 }), [
      fact('a', 'mug', -3),
      fact('b', 'lamp', -1),
      fact('c', 'mug', -3),
    ]);
    expect(answer).toEqual({
      shortfalls: [{ productId: 'mug', locationId: 'main', wanted: 6, level: 5, committed: 0 }],
    });
  });

  test('an order takes what is there and not promised, to the last unit', () => {
    expect(bookOrRefuse(promised({ mug: 5 }, 2), [fact('a', 'mug', -3)])).toMatchObject({ shortages: 0 });
    expect(bookOrRefuse(promised({ mug: 5 }, 2), [fact('a', 'mug', -4)])).toEqual({
      shortfalls: [{ productId: 'mug', locationId: 'main', wanted: 4, level: 5, committed: 2 }],
    });
  });

  test('of what nobody has heard of there is nothing, and nothing of it is promised', () => {
    expect(bookOrRefuse(new Map(), [fact('a', 'mug', -1)])).toEqual({
      shortfalls: [{ productId: 'mug', locationId: 'main', wanted: 1, level: 0, committed: 0 }],
    });
    expect(bookOrRefuse(new Map(), [fact('a', 'mug', 1), fact('b', 'mug', -1)])).toMatchObject({
      shortages: 0,
    });
  });

  test('what comes and goes in one batch takes nothing of what is promised', () => {
    const wishes = [fact('a', 'mug', -2), fact('b', 'mug', 2)];
    expect(bookOrRefuse(promised({ mug: 1 }, 4), wishes)).toMatchObject({ shortages: 0 });
  });

  test('where more is promised than there is, what comes in is welcome and nothing leaves', () => {
    expect(bookOrRefuse(promised({ mug: 1 }, 4), [fact('a', 'mug', 1)])).toMatchObject({ shortages: 0 });
    expect(bookOrRefuse(promised({ mug: 1 }, 4), [fact('a', 'mug', -1)])).toHaveProperty('shortfalls');
  });

  test('where backorders are allowed no order is short, whatever is promised', () => {
    const { levels } = bookOrRefuse(promised({ mug: 1 }, 9, true), [fact('a', 'mug', -4)]) as ReturnType<
      typeof bookMovements
    >;
    expect(levels.get(keyOf('mug'))).toBe(-3);
  });

  test('an order is either booked without a shortage or refused because a sum does not fit', () => {
    fc.assert(
      fc.property(anyStock, anyFacts, (stock, facts) => {
        const answer = bookOrRefuse(stockOf(stock), facts);
        const short = PRODUCTS.filter((product) => {
          const change = facts
            .filter(({ productId }) => productId === product)
            .reduce((sum, { quantityChange }) => sum + quantityChange, 0);
          return change < 0 && stock[product]! + change < 0;
        });
        if ('shortfalls' in answer) {
          expect(answer.shortfalls.map(({ productId }) => productId).sort()).toEqual(short.sort());
          expect(short.length).toBeGreaterThan(0);
        } else {
          expect(short).toEqual([]);
          expect(answer.shortages).toBe(0);
          expect(answer.movements).toHaveLength(facts.length);
        }
      }),
    );
  });
});
