import type { ReplayCase } from './replay-case.ts';
import type { Decide, Span } from './replay-stock.ts';
import type { ReplayTerms } from './replay-terms.ts';

/**
 * Orders of one who knows the demand: the plan of least cost that the replay allows, by the recursion of Wagner & Whitin
 * (1958) with lost sales (Aksen, Altinkemer & Chand 2003) or with customers who wait (Zangwill 1966). The opening stock serves
 * the first demand; after it, with F(t) the least cost of what was asked for before t, ending without stock,
 *   F(t+1) = min( F(t) + margin(t) d(t),  min over j <= t of G(j) + K + sum over i = j..t of keep(j, i) d(i) )
 *   G(j) = F(j); where customers wait, no sale is lost and G(j) = min over a <= j of F(a) + sum over i = a..j-1 of wait(i, j) d(i)
 * keep(j, i) is what a step costs that arrives in j and is sold in i, within its shelf life. No delivery can come within
 * the lead time. Exact for a constant lead time: an order that arrives before the stock is used up only adds to the stock.
 */
export function clairvoyantOrders(of: ReplayCase, span: Span, terms: ReplayTerms): Float64Array {
  const { margin, holding } = of;
  const { start, end } = span;
  const { leadTime, orderCost, waitingCost, shelfLife = Number.POSITIVE_INFINITY } = terms;
  const n = end - start;
  const open = unservedByOpening(of, span, shelfLife);
  const kept = runningSum(n, (i) => holding[start + i]!);
  const waited = runningSum(n, (i) => (waitingCost ?? 0) * margin[start + i]!);
  const least = new Float64Array(n + 1).fill(Number.POSITIVE_INFINITY);
  least[0] = 0;
  /** The delivery of the block that ends before t, and the first demand of that block; -1: what was asked for in t - 1 is lost. */
  const delivery = new Int32Array(n + 1).fill(-1);
  const first = new Int32Array(n + 1).fill(-1);
  for (let j = 0; j < n; j++) {
    const { cost: before, from } = j < leadTime ? { cost: least[j]!, from: j } : bestWait(j);
    // A delivery for those alone who have waited: who asks in j waits in turn.
    if (from < j && before + orderCost < least[j]!) {
      least[j] = before + orderCost;
      delivery[j] = j;
      first[j] = from;
    }
    if (waitingCost === undefined || open[j] === 0) {
      const lost = least[j]! + open[j]! * margin[start + j]!;
      if (lost < least[j + 1]!) {
        least[j + 1] = lost;
        delivery[j + 1] = -1;
      }
    }
    if (j < leadTime || (open[j] === 0 && from === j)) continue;
    let cost = before + orderCost;
    for (let i = j; i < n && i - j < shelfLife; i++) {
      const keeping = (kept[i]! - kept[j]!) * open[i]!;
      // From here on a new order is no dearer than keeping.
      if (i > j && keeping > orderCost) break;
      cost += keeping + (holding[start + i]! / 2) * open[i]!;
      if (cost < least[i + 1]!) {
        least[i + 1] = cost;
        delivery[i + 1] = j;
        first[i + 1] = from;
      }
    }
  }
  const orders = new Float64Array(n);
  let t = waitingCost === undefined ? n : lastServed();
  while (t > 0) {
    const j = delivery[t]!;
    if (j < 0) {
      t--;
      continue;
    }
    const from = first[t]!;
    for (let i = from; i < t; i++) orders[j - leadTime]! += open[i]!;
    t = from;
  }
  return orders;

  /** The first demand that had best wait until j, and the least cost up to there. */
  function bestWait(j: number): { readonly cost: number; readonly from: number } {
    let [cost, from] = [least[j]!, j];
    if (waitingCost === undefined) return { cost, from };
    let wait = 0;
    for (let a = j - 1; a >= 0; a--) {
      const one = (waited[j]! - waited[a]!) * open[a]!;
      // An order of its own would be no dearer, where one can come.
      if (a >= leadTime && one > orderCost + (holding[start + a]! / 2) * open[a]!) break;
      wait += one;
      if (least[a]! + wait < cost) [cost, from] = [least[a]! + wait, a];
    }
    return { cost, from };
  }

  /** From where on it is best to let customers wait in vain. */
  function lastServed(): number {
    let [cost, from] = [least[n]!, n];
    let vain = 0;
    for (let a = n - 1; a >= 0; a--) {
      vain += (waited[n]! - waited[a]! + margin[end - 1]!) * open[a]!;
      if (least[a]! + vain < cost) [cost, from] = [least[a]! + vain, a];
    }
    return from;
  }
}

function runningSum(n: number, of: (i: number) => number): Float64Array {
  const sums = new Float64Array(n + 1);
  for (let i = 0; i < n; i++) sums[i + 1] = sums[i]! + of(i);
  return sums;
}

/** The plan as a rule. */
export function clairvoyantRule(of: ReplayCase, span: Span, terms: ReplayTerms): Decide {
  const orders = clairvoyantOrders(of, span, terms);
  return (t) => orders[t - span.start]!;
}

function unservedByOpening(
  { demand }: ReplayCase,
  { start, end, openingStock }: Span,
  shelfLife: number,
): Float64Array {
  const open = demand.slice(start, end);
  let stock = openingStock;
  for (let i = 0; i < open.length && i < shelfLife && stock > 0; i++) {
    const served = Math.min(stock, open[i]!);
    open[i]! -= served;
    stock -= served;
  }
  return open;
}
