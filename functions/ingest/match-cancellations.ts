import type { DemandChange } from '../../shared/data/demand/demand-store.ts';
import {
  type CancellationCandidate,
  type CancellationLine,
  cancellableSales,
} from '../../shared/data/orders/cancellation-store.ts';
import type { Statements } from '../../shared/data/sql/database.ts';
import type { OrderLine } from './order-line.ts';

/** A sale whose demand a cancellation line takes back. */
export interface TakenBack {
  readonly saleId: string;
  readonly cancelledBy: string;
  /** How often the sale was booked. */
  readonly generation: number;
  /** When it was cancelled. */
  readonly date: string;
  readonly demand: DemandChange;
}

/**
 * Finds for each cancellation line the latest earlier sale of the same customer, product and quantity that nothing
 * took back yet. The lines choose in the order of the file, each sale once. A line without one is a plain return.
 */
export async function matchCancellations(
  tx: Statements,
  lines: readonly OrderLine[],
): Promise<readonly TakenBack[]> {
  const seekers = lines.filter((line) => line.takesBack).map(({ sale }) => sale);
  if (seekers.length === 0) return [];
  const rivals = new Map<string, number>();
  for (const sale of seekers) rivals.set(rivalKey(sale), (rivals.get(rivalKey(sale)) ?? 0) + 1);
  const cancellations = seekers.map(
    (sale): CancellationLine => ({
      saleId: sale.saleId,
      customerId: sale.customerId!,
      productId: sale.productId,
      locationId: sale.locationId,
      quantity: -sale.quantity,
      date: sale.date,
      rivals: rivals.get(rivalKey(sale))!,
    }),
  );
  const candidates = new Map<number, CancellationCandidate[]>();
  for (let at = 0; at < cancellations.length; ) {
    const page = pageFrom(cancellations, at);
    for (const candidate of await cancellableSales(tx, page)) {
      const list = candidates.get(candidate.n + at);
      if (list) list.push(candidate);
      else candidates.set(candidate.n + at, [candidate]);
    }
    at += page.length;
  }
  const taken = new Set<string>();
  return cancellations.flatMap((line, n): TakenBack[] => {
    const match = candidates.get(n)?.find((candidate) => !taken.has(candidate.sale_id));
    if (match === undefined) return [];
    taken.add(match.sale_id);
    return [
      {
        saleId: match.sale_id,
        cancelledBy: line.saleId,
        generation: match.generation,
        date: line.date,
        demand: takeBack(line, match),
      },
    ];
  });
}

/** Candidates of one query: their answer stays below the Data API's 1 MiB. */
const PAGE_CANDIDATES = 4_000;

/** As many lines as can be answered at once, at least one; each has at most as many candidates as rivals. */
function pageFrom(lines: readonly CancellationLine[], from: number): readonly CancellationLine[] {
  let to = from;
  for (let room = PAGE_CANDIDATES; to < lines.length && room > 0; to++) room -= lines[to]!.rivals;
  return lines.slice(from, Math.max(to, from + 1));
}

const rivalKey = (sale: { customerId: string | null; productId: string; quantity: number }): string =>
  JSON.stringify([sale.customerId, sale.productId, sale.quantity]);

function takeBack(line: CancellationLine, match: CancellationCandidate): DemandChange {
  return {
    productId: line.productId,
    locationId: line.locationId,
    date: match.date.slice(0, 10),
    quantity: -line.quantity,
    saleLines: -1,
    revenue: -Math.round(Number(match.revenue) * 10_000),
  };
}
