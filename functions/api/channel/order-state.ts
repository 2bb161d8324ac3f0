import * as z from 'zod';
import type {
  OrderLineSaying,
  OrderSaying,
  OrderStatement,
  RefundLine,
} from '../../../shared/contracts/webhooks/channel-event.ts';

/** A line that is recorded, as its row in `sales` and its movements stand. Money in ten-thousandths. */
const Recorded = z.object({
  kind: z.enum(['sale', 'return', 'cancelled', 'service']),
  productId: z.string(),
  locationId: z.string(),
  date: z.string(),
  quantity: z.int(),
  price: z.number(),
  discount: z.number(),
  contentHash: z.string(),
  /** Movements of each kind so far, which number the next one. */
  sales: z.int(),
  returns: z.int(),
});
export type RecordedLine = z.infer<typeof Recorded>;

/** What all events of an order have said so far, and what is recorded of it. */
export const OrderState = z.object({
  statement: z.custom<OrderStatement>().nullable(),
  refunds: z.record(z.string(), z.custom<RefundLine>()),
  recorded: z.record(z.string(), Recorded),
});
export type OrderState = z.infer<typeof OrderState>;

export const NOTHING_SAID: OrderState = { statement: null, refunds: {}, recorded: {} };

/**
 * The state with what one more event says. The newest statement counts and refunds add up, so that the same events in
 * any order, and any of them twice, come to the same.
 */
export function mergeSaying(state: OrderState, saying: OrderSaying): OrderState {
  const refunds = { ...state.refunds };
  for (const refund of saying.refunds) {
    const known = refunds[refund.externalId];
    if (known === undefined || textOf(refund) > textOf(known)) refunds[refund.externalId] = refund;
  }
  return { ...state, statement: newer(state.statement, saying.statement), refunds };
}

const RANK: Readonly<Record<OrderStatement['status'], number>> = {
  pending: 0,
  placed: 1,
  returned: 2,
  cancelled: 3,
};

/** Shops say their times by the second: of two statements of the same one, what happens later in an order's life wins. */
function newer(a: OrderStatement | null, b: OrderStatement | null): OrderStatement | null {
  if (a === null || b === null) return a ?? b;
  if (a.updatedAt !== b.updatedAt) return a.updatedAt > b.updatedAt ? a : b;
  if (a.status !== b.status) return RANK[a.status] > RANK[b.status] ? a : b;
  return textOf(a) >= textOf(b) ? a : b;
}

const textOf = (value: unknown): string => JSON.stringify(value);

/** A line as it should be recorded: a sale, goods that came back, or nothing that touches stock. */
export interface DueLine {
  /** Within the order. */
  readonly lineId: string;
  readonly kind: 'sale' | 'return' | 'cancelled';
  readonly from: OrderLineSaying;
  /** The shop's place where it moves; null is that of the order. */
  readonly externalLocation: string | null;
  /** Signed as in `sales`: what came back is negative. */
  readonly quantity: number;
  readonly discount: number;
  readonly tax: number;
  readonly at: string;
  readonly isRefunded: boolean;
}

/** What should be recorded of an order: a function of its newest statement and all its refunds. */
export function dueLines({ statement, refunds }: OrderState): DueLine[] {
  if (statement === null) return [];
  const byLine = new Map<string, RefundLine[]>();
  for (const id of Object.keys(refunds).sort()) {
    const refund = refunds[id]!;
    byLine.set(refund.lineId, [...(byLine.get(refund.lineId) ?? []), refund]);
  }
  return statement.lines.flatMap((line) => linesOf(line, statement, byLine.get(line.externalId) ?? []));
}

function linesOf(
  line: OrderLineSaying,
  statement: OrderStatement,
  refunds: readonly RefundLine[],
): DueLine[] {
  const units = (kind: RefundLine['kind']): number =>
    refunds.filter((refund) => refund.kind === kind).reduce((sum, { quantity }) => sum + quantity, 0);
  const isSold = statement.status === 'placed' || statement.status === 'returned';
  const sold = isSold ? Math.max(0, line.quantity - units('never-left')) : 0;
  const isRefunded = sold > 0 && units('returned') + units('kept') >= sold;
  const parts = placesOf(line, sold);
  const due: DueLine[] =
    sold > 0
      ? parts.map(({ externalLocation, quantity }, n) => ({
          // the first part is the line itself, so that a line from one place is one line
          lineId: n === 0 ? line.externalId : `${line.externalId}~${externalLocation ?? 'rest'}`,
          kind: 'sale',
          from: line,
          externalLocation,
          quantity,
          discount: shareOf(line.discount, line.quantity, parts, n),
          tax: shareOf(line.tax, line.quantity, parts, n),
          at: statement.placedAt,
          isRefunded,
        }))
      : [
          {
            lineId: line.externalId,
            kind: 'cancelled',
            from: line,
            externalLocation: null,
            quantity: line.quantity,
            discount: line.discount,
            tax: line.tax,
            at: statement.placedAt,
            isRefunded,
          },
        ];
  // what came back without saying where came back to where it had left from, if that was one place
  const home = parts.length === 1 ? parts[0]!.externalLocation : null;
  // never more comes back than was sold
  let left = sold;
  for (const refund of refunds.filter(({ kind }) => kind === 'returned')) {
    const quantity = Math.min(refund.quantity, left);
    left -= quantity;
    const back = cameBack(line, `r${refund.externalId}`, quantity, refund.quantity, refund.at);
    due.push({ ...back, externalLocation: refund.externalLocation ?? home });
  }
  if (statement.status === 'returned' && left > 0)
    due.push({
      ...cameBack(line, `all-${line.externalId}`, left, left, statement.updatedAt),
      externalLocation: home,
    });
  return due;
}

interface Part {
  readonly externalLocation: string | null;
  readonly quantity: number;
}

/** Where the units of a line leave from: those that were sent from where they were, the rest by the order's place. */
function placesOf({ fulfilled = [] }: OrderLineSaying, sold: number): Part[] {
  const byPlace = new Map<string, number>();
  for (const { externalLocation, quantity } of fulfilled)
    byPlace.set(externalLocation, (byPlace.get(externalLocation) ?? 0) + quantity);
  const parts: Part[] = [];
  let left = sold;
  for (const externalLocation of [...byPlace.keys()].sort()) {
    const quantity = Math.min(byPlace.get(externalLocation)!, left);
    left -= quantity;
    if (quantity > 0) parts.push({ externalLocation, quantity });
  }
  if (left > 0) parts.push({ externalLocation: null, quantity: left });
  return parts;
}

/** A part's share of an amount of the whole line; the shares of all parts add up to that of what was sold. */
function shareOf(amount: number, whole: number, parts: readonly Part[], n: number): number {
  const upTo = (end: number): number =>
    Math.round((amount * parts.slice(0, end).reduce((sum, { quantity }) => sum + quantity, 0)) / whole);
  return upTo(n + 1) - upTo(n);
}

const cameBack = (
  from: OrderLineSaying,
  lineId: string,
  quantity: number,
  said: number,
  at: string,
): Omit<DueLine, 'externalLocation'> => ({
  lineId,
  kind: quantity > 0 ? 'return' : 'cancelled',
  from,
  quantity: quantity > 0 ? -quantity : -said,
  discount: 0,
  tax: 0,
  at,
  isRefunded: true,
});
