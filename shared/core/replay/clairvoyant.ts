import type { ReplayCase } from './replay-case.ts';
import type { Decide, Span } from './replay-stock.ts';
import type { ReplayTerms } from './replay-terms.ts';

/**
 * Orders of one who knows the demand: the plan of least cost that the replay allows, by the recursion of Wagner & Whitin
 * (1958) with lost sales (Aksen, Altinkemer & Chand 2003). The opening stock serves the first demand; after it, with
 * F(t) the least cost of periods from the first one on until before t, ending without stock,
 *   F(t+1) = min( F(t) + margin(t) d(t),  min over j <= t of F(j) + K + sum over i = j..t of keep(j, i) d(i) )
 * where keep(j, i) is what a step costs that arrives in j and is sold in i. No delivery can come within the lead time.
 * Exact for a constant lead time: an order that arrives before the stock is used up only adds to the stock.
 */
export function clairvoyantOrders(of: ReplayCase, span: Span, terms: ReplayTerms): Float64Array {
  const { margin, holding } = of;
  const { start, end } = span;
  const n = end - start;
  const open = unservedByOpening(of, span);
  const kept = new Float64Array(n + 1);
  for (let i = 0; i < n; i++) kept[i + 1] = kept[i]! + holding[start + i]!;
  const least = new Float64Array(n + 1).fill(Number.POSITIVE_INFINITY);
  least[0] = 0;
  /** Where the block that ends before t begins; -1: the demand of t - 1 is lost. */
  const begin = new Int32Array(n + 1).fill(-1);
  for (let j = 0; j < n; j++) {
    const lost = least[j]! + open[j]! * margin[start + j]!;
    if (lost < least[j + 1]!) {
      least[j + 1] = lost;
      begin[j + 1] = -1;
    }
    if (j < terms.leadTime || open[j] === 0) continue;
    let cost = least[j]! + terms.orderCost;
    for (let i = j; i < n; i++) {
      const waiting = (kept[i]! - kept[j]!) * open[i]!;
      // From here on a new order is no dearer than keeping.
      if (i > j && waiting > terms.orderCost) break;
      cost += waiting + (holding[start + i]! / 2) * open[i]!;
      if (cost < least[i + 1]!) {
        least[i + 1] = cost;
        begin[i + 1] = j;
      }
    }
  }
  const orders = new Float64Array(n);
  let t = n;
  while (t > 0) {
    const j = begin[t]!;
    if (j < 0) {
      t--;
      continue;
    }
    let steps = 0;
    for (let i = j; i < t; i++) steps += open[i]!;
    orders[j - terms.leadTime] = steps;
    t = j;
  }
  return orders;
}

/** The plan as a rule. */
export function clairvoyantRule(of: ReplayCase, span: Span, terms: ReplayTerms): Decide {
  const orders = clairvoyantOrders(of, span, terms);
  return (t) => orders[t - span.start]!;
}

function unservedByOpening({ demand }: ReplayCase, { start, end, openingStock }: Span): Float64Array {
  const open = demand.slice(start, end);
  let stock = openingStock;
  for (let i = 0; i < open.length && stock > 0; i++) {
    const served = Math.min(stock, open[i]!);
    open[i]! -= served;
    stock -= served;
  }
  return open;
}
