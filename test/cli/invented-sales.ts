import { addDays } from '../../shared/core/calendar/add-days.ts';
import { seededRandom } from '../../shared/core/math/random.ts';

/** Lines of a history of invented sales with a price and a day's event, without the header. */
export function inventedSales(series: number, periods: number, stepDays: number, seed = 1): string[] {
  const random = seededRandom(seed);
  return Array.from({ length: series }, (_, s) =>
    Array.from({ length: periods }, (_, t) => {
      const level = s % 3 === 0 ? 0.4 : 8 + s;
      const quantity = Math.max(0, Math.round(level + Math.sqrt(level) * random.normal()));
      const event = t % 11 === 0 ? 'fair' : '';
      return `item ${s},${addDays('2022-01-03', t * stepDays)},${quantity},${(3 + (t % 4) / 10).toFixed(2)},${event}`;
    }),
  ).flat();
}

export const SALES_HEADER = 'series_id,date,quantity,price,event';

/** The same lines in an order that chance decides. */
export function shuffled(lines: readonly string[], seed = 7): string[] {
  const random = seededRandom(seed);
  const deck = [...lines];
  for (let i = deck.length - 1; i > 0; i--) {
    const other = random.integer(i + 1);
    [deck[i], deck[other]] = [deck[other]!, deck[i]!];
  }
  return deck;
}
