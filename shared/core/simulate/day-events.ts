import type { MovementFact } from '../inventory/book-movements.ts';
import type { ReturnReason } from '../inventory/return-reasons.ts';

/** A product of a simulated world. Money in ten-thousandths. */
export interface SimulatedProduct {
  readonly productId: string;
  readonly name: string;
  readonly category: string;
  readonly brand: string;
  readonly price: number;
  readonly cost: number;
}

/** Who delivers, and how fast. Money in ten-thousandths. */
export interface SimulatedSupplier {
  readonly supplierId: string;
  readonly name: string;
}

export interface SimulatedSupplierItem {
  readonly supplierId: string;
  readonly productId: string;
  readonly unitCost: number;
  readonly leadTimeDays: number;
  readonly leadTimeDeviation: number;
  readonly minimumQuantity: number;
  readonly orderMultiple: number;
}

/** One order line that left stock. Its order has the same time. */
export interface SimulatedSale {
  readonly saleId: string;
  readonly orderId: string;
  readonly line: number;
  readonly productId: string;
  readonly locationId: string;
  /** YYYY-MM-DD HH:MM:SS.mmm in UTC */
  readonly time: string;
  readonly quantity: number;
  readonly price: number;
  /** The day of the world on which its goods come back, and why; null when they stay. */
  readonly comesBack: { readonly day: number; readonly reason: ReturnReason } | null;
}

/** All goods of one sale that came back and can be sold again. */
export interface SimulatedReturn {
  readonly returnId: string;
  readonly saleId: string;
  readonly orderId: string;
  readonly productId: string;
  readonly locationId: string;
  readonly time: string;
  readonly quantity: number;
  readonly refund: number;
  readonly reason: ReturnReason;
}

/** Units that somebody wanted and nobody got. */
export interface SimulatedLoss {
  readonly lossId: string;
  readonly productId: string;
  readonly locationId: string;
  readonly quantity: number;
  readonly price: number;
}

/** An order to a supplier and when its goods came. */
export interface SimulatedSupply {
  readonly reference: string;
  readonly supplierId: string;
  readonly productId: string;
  readonly locationId: string;
  readonly orderedOn: string;
  readonly arrivedOn: string;
  readonly quantity: number;
}

/** What only the simulator knows of one product at one location on one day. */
export interface DayTruth {
  readonly productId: string;
  readonly locationId: string;
  /** Units wanted of this product, whatever there was. */
  readonly wanted: number;
  /** What `wanted` is on average on this day. NaN where the world has no such number. */
  readonly expected: number;
  readonly sold: number;
  /** Of `sold`, units to customers who had wanted another product. */
  readonly substituted: number;
  /** Units wanted that neither this product nor another served. */
  readonly lost: number;
  /** Price cut, 0 without a promotion. */
  readonly discount: number;
  /** Units on hand when the day ended. */
  readonly onHand: number;
}

/** What happened on one day; `movements` are in the order in which they are booked. */
export interface DayEvents {
  readonly day: number;
  /** YYYY-MM-DD */
  readonly date: string;
  readonly products: readonly SimulatedProduct[];
  readonly suppliers: readonly SimulatedSupplier[];
  readonly supplierItems: readonly SimulatedSupplierItem[];
  readonly sales: readonly SimulatedSale[];
  readonly returns: readonly SimulatedReturn[];
  readonly losses: readonly SimulatedLoss[];
  /** Deliveries that came on this day. */
  readonly supplies: readonly SimulatedSupply[];
  readonly movements: readonly MovementFact[];
  /** Made only when somebody iterates it. */
  readonly truth: Iterable<DayTruth>;
}

/** The movement by which a sale leaves stock. */
export const saleMovement = (sale: SimulatedSale): MovementFact => ({
  key: `sale:${sale.saleId}`,
  productId: sale.productId,
  locationId: sale.locationId,
  date: sale.time,
  quantityChange: -sale.quantity,
  type: 'sale',
  reason: null,
  referenceId: sale.saleId,
});

/** The movement by which returned goods come back. */
export const returnMovement = (back: SimulatedReturn): MovementFact => ({
  key: `order-return:${back.returnId}:1`,
  productId: back.productId,
  locationId: back.locationId,
  date: back.time,
  quantityChange: back.quantity,
  type: 'return',
  reason: back.reason,
  referenceId: back.saleId,
});
