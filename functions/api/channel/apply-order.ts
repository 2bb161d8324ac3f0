import type { OrderSaying } from '../../../shared/contracts/webhooks/channel-event.ts';
import { type MovementFact, positionKey } from '../../../shared/core/inventory/book-movements.ts';
import { standingMovements } from '../../../shared/data/channels/channel-ledger.ts';
import { reviseSales, saveOrder } from '../../../shared/data/channels/channel-sales.ts';
import {
  holdChannelOrder,
  holdItemsOf,
  saveChannelOrder,
} from '../../../shared/data/channels/channel-store.ts';
import { addDemand, type DemandChange } from '../../../shared/data/demand/demand-store.ts';
import { lockStock, type Position, recordMovements } from '../../../shared/data/ledger/ledger-store.ts';
import { insertSales, type SaleRow } from '../../../shared/data/orders/order-store.ts';
import { contentHashOf } from '../../../shared/data/sql/content-hash.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';
import { toSqlTime } from '../../../shared/data/sql/sql-time.ts';
import {
  type DueLine,
  dueLines,
  mergeSaying,
  NOTHING_SAID,
  OrderState,
  type RecordedLine,
} from './order-state.ts';
import { type MessageName, settlePositions } from './settle-positions.ts';
import { tellOfStock } from './tell-of-stock.ts';

/** Longer ids of a shop end in letters that stand for the rest. */
const MOST_ID = 64;
const MOST_LINE_ID = 110;

export interface OrderSource extends MessageName {
  readonly locationOf: (external: string | null) => string;
  /** Our product of a line. */
  readonly productOf: (line: DueLine['from']) => string;
  readonly isService: (productId: string) => boolean;
}

/**
 * Brings orders, lines, ledger, stock and demand to what all events of an order say together. What is recorded
 * otherwise by now is taken back by a linked reversal and recorded anew. Never refused: shortages are booked as such.
 */
export async function applyOrder(
  tx: Statements,
  saying: OrderSaying,
  source: OrderSource,
): Promise<{ status: 'applied' | 'waiting' | 'stale'; shortages: number }> {
  const { connectionId } = source;
  const before = (await holdChannelOrder(tx, OrderState, connectionId, saying.externalId)) ?? NOTHING_SAID;
  const state = mergeSaying(before, saying);
  if (state.statement === null) {
    await saveChannelOrder(tx, connectionId, saying.externalId, state);
    return { status: 'waiting', shortages: 0 };
  }
  const orderId = shortId(`${connectionId}:${saying.externalId}`, MOST_ID);
  const due = new Map(
    dueLines(state).map((line) => {
      const row = saleOf(line, orderId, state, source);
      return [row.saleId, row] as const;
    }),
  );
  const changes = changesOf(state.recorded, due);
  if (changes.length === 0 && sameStatement(before, state)) {
    await saveChannelOrder(tx, connectionId, saying.externalId, state);
    return { status: 'stale', shortages: 0 };
  }

  const positions = uniquePositions(changes.flatMap((change) => positionsOf(change)));
  await holdItemsOf(
    tx,
    positions.map((position) => position.productId),
  );
  const stock = await lockStock(tx, positions);
  const { statement } = state;
  await saveOrder(tx, `webhook:${connectionId}`, {
    orderId,
    customerId:
      statement.customer === null ? null : shortId(`${connectionId}:${statement.customer}`, MOST_ID),
    sellerId: null,
    date: toSqlTime(statement.placedAt),
    status: STATUS[statement.status],
    paymentMethod: null,
    city: null,
    state: null,
    country: statement.country,
  });
  await insertSales(
    tx,
    changes.filter((change) => !change.was && change.is).map((change) => change.is!),
  );
  await reviseSales(tx, changes.filter((change) => change.was).map(revisionOf));
  const { facts, reverses, recorded } = await movementsOf(tx, changes, state.recorded);
  const booked =
    facts.length > 0 ? await recordMovements(tx, facts, { actor: source.actor, reverses }, stock) : undefined;
  await addDemand(tx, changes.flatMap(demandOfChange));
  const settled = await settlePositions(tx, positions, source, booked?.stock ?? stock);
  await saveChannelOrder(tx, connectionId, saying.externalId, { ...state, recorded });
  await tellOfStock(tx, stock, settled.stock, `order ${orderId}`, source.actor);
  return { status: 'applied', shortages: (booked?.shortages.length ?? 0) + settled.shortages };
}

const STATUS = {
  pending: 'Pending',
  placed: 'Processing',
  cancelled: 'Cancelled',
  returned: 'Returned',
} as const;

/** A line as it is recorded, and as it should be. */
interface Change {
  readonly saleId: string;
  readonly was: RecordedLine | undefined;
  /** Undefined: the order does not speak of it any more. */
  readonly is: SaleRow | undefined;
}

function changesOf(
  recorded: Readonly<Record<string, RecordedLine>>,
  due: ReadonlyMap<string, SaleRow>,
): Change[] {
  const changed = [...due].flatMap(([saleId, is]): Change[] =>
    recorded[saleId]?.contentHash === is.contentHash ? [] : [{ saleId, was: recorded[saleId], is }],
  );
  const gone = Object.entries(recorded)
    .filter(([saleId, was]) => !due.has(saleId) && was.kind !== 'cancelled')
    .map(([saleId, was]): Change => ({ saleId, was, is: undefined }));
  return [...changed, ...gone];
}

function saleOf(line: DueLine, orderId: string, { statement }: OrderState, source: OrderSource): SaleRow {
  const { from, quantity, discount, tax } = line;
  const productId = source.productOf(from);
  const kind: RecordedLine['kind'] = source.isService(productId)
    ? line.kind === 'sale'
      ? 'service'
      : 'cancelled'
    : line.kind;
  const row = {
    orderId,
    customerId:
      statement!.customer === null ? null : shortId(`${source.connectionId}:${statement!.customer}`, MOST_ID),
    productId,
    locationId: source.locationOf(line.externalLocation ?? statement!.externalLocation),
    date: toSqlTime(line.at),
    kind,
    quantity,
    price: from.price,
    discount,
    tax,
    shippingCost: 0,
    total: quantity * from.price - discount + tax,
    refunded: line.isRefunded,
    reason: kind === 'return' ? 'refunded by the shop' : null,
  };
  return {
    saleId: shortId(`${orderId}:${line.lineId}`, MOST_LINE_ID),
    ...row,
    contentHash: contentHashOf(Object.values(row)),
  };
}

/** Whether a line touches stock. */
const moves = <L extends { readonly kind: SaleRow['kind'] }>(
  line: L | undefined,
): line is L & { kind: 'sale' | 'return' } => line?.kind === 'sale' || line?.kind === 'return';

const positionsOf = ({ was, is }: Change): Position[] =>
  [was, is].filter((line) => moves(line)) as Position[];

const uniquePositions = (positions: readonly Position[]): Position[] => [
  ...new Map(
    positions.map(({ productId, locationId }) => [
      positionKey({ productId, locationId }),
      { productId, locationId },
    ]),
  ).values(),
];

/** What takes back the old lines and books the new ones; and how the lines are recorded then. */
async function movementsOf(
  tx: Statements,
  changes: readonly Change[],
  before: Readonly<Record<string, RecordedLine>>,
) {
  const standing = await standingMovements(
    tx,
    changes.flatMap(({ saleId, was }) => (moves(was) ? [keyOf(saleId, was)] : [])),
  );
  const back: MovementFact[] = [];
  const forth: MovementFact[] = [];
  const reverses = new Map<string, number>();
  const recorded = { ...before };
  for (const { saleId, was, is } of changes) {
    const old = moves(was) ? keyOf(saleId, was) : undefined;
    const logId = old === undefined ? undefined : standing.get(old);
    if (was && old !== undefined && logId !== undefined) {
      const key = `reversal:${old}`;
      reverses.set(key, logId);
      back.push({
        key,
        productId: was.productId,
        locationId: was.locationId,
        // as if it had never been: a level that was stated since holds all the same
        date: was.date,
        quantityChange: was.quantity,
        type: 'reversal',
        reason: 'the shop says otherwise by now',
        referenceId: saleId,
      });
    }
    const line: RecordedLine = {
      ...(is ? pick(is) : { ...was!, kind: 'cancelled' as const, contentHash: '' }),
      sales: (was?.sales ?? 0) + (is?.kind === 'sale' ? 1 : 0),
      returns: (was?.returns ?? 0) + (is?.kind === 'return' ? 1 : 0),
    };
    recorded[saleId] = line;
    if (moves(is)) {
      forth.push({
        key: keyOf(saleId, line),
        productId: is.productId,
        locationId: is.locationId,
        date: is.date,
        quantityChange: -is.quantity,
        type: is.kind,
        reason: is.reason,
        referenceId: saleId,
      });
    }
  }
  return { facts: [...back, ...forth], reverses, recorded };
}

/** The first movement of a kind is named as those of imports are; later ones are numbered. */
function keyOf(saleId: string, { kind, sales, returns }: RecordedLine): string {
  const nth = kind === 'sale' ? sales : returns;
  return `${kind}:${saleId}${nth > 1 ? `#${nth}` : ''}`;
}

const pick = ({ kind, productId, locationId, date, quantity, price, discount, contentHash }: SaleRow) => ({
  kind: kind as RecordedLine['kind'],
  productId,
  locationId,
  date,
  quantity,
  price,
  discount,
  contentHash,
});

function revisionOf({ saleId, was, is }: Change) {
  return (
    is ?? { ...was!, saleId, kind: 'cancelled' as const, tax: 0, total: 0, refunded: false, reason: null }
  );
}

function demandOfChange({ was, is }: Change): DemandChange[] {
  const of = (line: RecordedLine | SaleRow, sign: 1 | -1): DemandChange[] =>
    line.kind === 'sale'
      ? [
          {
            productId: line.productId,
            locationId: line.locationId,
            date: line.date.slice(0, 10),
            quantity: sign * line.quantity,
            saleLines: sign,
            revenue: sign * (line.quantity * line.price - line.discount),
          },
        ]
      : [];
  return [...(was ? of(was, -1) : []), ...(is ? of(is, 1) : [])];
}

const sameStatement = (a: OrderState, b: OrderState): boolean =>
  JSON.stringify([a.statement, a.refunds]) === JSON.stringify([b.statement, b.refunds]);

/** The id, or its beginning and 12 letters that stand for all of it. */
const shortId = (id: string, most: number): string =>
  id.length <= most ? id : `${id.slice(0, most - 13)}~${contentHashOf([id])}`;
