import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays } from '../../shared/core/calendar/add-days.ts';
import { type DayChange, foldStockDays } from '../../shared/core/inventory/stock-days.ts';

const FIRST = '2024-02-27';

test('a day opens where the one before closed; one without movements is a day too, across the end of February', () => {
  const sold: DayChange = { date: '2024-02-29', type: 'sale', received: 0, issued: 3, lowest: -3 };
  expect(foldStockDays(3, '2024-02-28', '2024-03-01', [sold])).toMatchObject([
    { date: '2024-02-28', opening: 3, closing: 3, lowest: 3, isStockout: false, byType: {} },
    { date: '2024-02-29', opening: 3, closing: 0, lowest: 0, isStockout: true, byType: { sale: -3 } },
    { date: '2024-03-01', opening: 0, closing: 0, lowest: 0, isStockout: true, byType: {} },
  ]);
});

test('a day that was out of stock in between and is not at its end says so by its lowest level', () => {
  const changes: DayChange[] = [
    { date: FIRST, type: 'sale', received: 0, issued: 5, lowest: -5 },
    { date: FIRST, type: 'receipt', received: 2, issued: 0, lowest: -3 },
  ];
  expect(foldStockDays(5, FIRST, FIRST, changes)).toMatchObject([
    { closing: 2, lowest: 0, isStockout: false },
  ]);
});

test('nothing appears or disappears, and the types of a day sum to its change', () => {
  const change = fc.record({
    day: fc.nat({ max: 9 }),
    type: fc.constantFrom('sale', 'receipt', 'count'),
    received: fc.nat({ max: 20 }),
    issued: fc.nat({ max: 20 }),
  });
  fc.assert(
    fc.property(
      fc.integer({ min: -5, max: 50 }),
      fc.uniqueArray(change, { selector: ({ day, type }) => `${day} ${type}`, maxLength: 20 }),
      (opening, drawn) => {
        const changes = drawn.map(({ day, ...rest }) => ({ ...rest, date: addDays(FIRST, day), lowest: 0 }));
        const days = foldStockDays(opening, FIRST, addDays(FIRST, 9), changes);
        const total = changes.reduce((sum, { received, issued }) => sum + received - issued, 0);
        expect(days).toHaveLength(10);
        expect(days.at(-1)!.closing).toBe(opening + total);
        days.forEach((day, i) => {
          expect(day.opening).toBe(i === 0 ? opening : days[i - 1]!.closing);
          expect(day.closing).toBe(day.opening + day.received - day.issued);
          expect(Object.values(day.byType).reduce((sum, net) => sum + net, 0)).toBe(
            day.closing - day.opening,
          );
          expect(day.isStockout).toBe(day.closing <= 0);
        });
      },
    ),
  );
});
