/** What a shop's webhook says, in our words. One event may say several things. */
export interface ChannelEvent {
  readonly orders: readonly OrderSaying[];
  readonly items: readonly ItemSaying[];
  readonly levels: readonly LevelSaying[];
  /** The fields that were read, and nothing else: what is kept of the payload. */
  readonly kept: unknown;
}

/** What one event says of an order: how it stands, what was refunded, or both. */
export interface OrderSaying {
  readonly externalId: string;
  readonly statement: OrderStatement | null;
  readonly refunds: readonly RefundLine[];
}

/** A whole order as it stood at one time. Times are ISO 8601 in UTC. */
export interface OrderStatement {
  readonly updatedAt: string;
  readonly placedAt: string;
  /** `pending` has taken no stock yet; `returned` came back whole. */
  readonly status: 'pending' | 'placed' | 'cancelled' | 'returned';
  readonly externalLocation: string | null;
  /** Opaque: names nobody. */
  readonly customer: string | null;
  readonly country: string | null;
  readonly lines: readonly OrderLineSaying[];
}

/** Money in ten-thousandths; `discount` and `tax` of the whole line. */
export interface OrderLineSaying {
  readonly externalId: string;
  /** The shop's own id of what was sold, which `channel_item` may know. */
  readonly externalItem: string | null;
  /** The product where the line names it. */
  readonly productId: string;
  readonly name: string;
  readonly quantity: number;
  readonly price: number;
  readonly discount: number;
  readonly tax: number;
  /** Units that were sent already, by the shop's place that sent them. */
  readonly fulfilled?: readonly { readonly externalLocation: string; readonly quantity: number }[];
}

/** Units of a line that were refunded: they came back, never left, or stayed with the buyer. */
export interface RefundLine {
  readonly externalId: string;
  readonly lineId: string;
  readonly quantity: number;
  readonly kind: 'returned' | 'never-left' | 'kept';
  readonly at: string;
  /** Where it came back to, if the shop says so. */
  readonly externalLocation?: string;
}

/** A product that a shop means by an id of its own. */
export interface ItemSaying {
  readonly externalId: string;
  readonly productId: string;
  readonly name: string;
  readonly category: string | null;
  readonly brand: string | null;
  readonly price: number | null;
  readonly at: string;
}

/** Units of an item that are at a location at a time. */
export interface LevelSaying {
  readonly externalItem: string;
  readonly externalLocation: string | null;
  readonly quantity: number;
  readonly at: string;
}

/** An event that says nothing that stock depends on. */
export const silentEvent = (kept: unknown): ChannelEvent => ({ orders: [], items: [], levels: [], kept });
