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
  const share = line.quantity > 0 ? sold / line.quantity : 0;
  const due: DueLine[] = [
    {
      lineId: line.externalId,
      kind: sold > 0 ? 'sale' : 'cancelled',
      from: line,
      quantity: sold > 0 ? sold : line.quantity,
      discount: sold > 0 ? Math.round(line.discount * share) : line.discount,
      tax: sold > 0 ? Math.round(line.tax * share) : line.tax,
      at: statement.placedAt,
      isRefunded: sold > 0 && units('returned') + units('kept') >= sold,
    },
  ];
  // never more comes back than was sold
  let left = sold;
  for (const refund of refunds.filter(({ kind }) => kind === 'returned')) {
    const quantity = Math.min(refund.quantity, left);
    left -= quantity;
    due.push(cameBack(line, `r${refund.externalId}`, quantity, refund.quantity, refund.at));
  }
  if (statement.status === 'returned' && left > 0)
    due.push(cameBack(line, `all-${line.externalId}`, left, left, statement.updatedAt));
  return due;
}

const cameBack = (
  from: OrderLineSaying,
  lineId: string,
  quantity: number,
  said: number,
  at: string,
): DueLine => ({
  lineId,
  kind: quantity > 0 ? 'return' : 'cancelled',
  from,
  quantity: quantity > 0 ? -quantity : -said,
  discount: 0,
  tax: 0,
  at,
  isRefunded: true,
});
