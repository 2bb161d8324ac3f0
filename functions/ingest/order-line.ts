import { createHash } from 'node:crypto';
import type { CustomerStub } from '../../shared/data/catalogue/party-store.ts';
import type { ProductStub } from '../../shared/data/catalogue/product-store.ts';
import type { OrderRow, SaleRow } from '../../shared/data/orders/order-store.ts';

/** A stock movement that a line causes. */
export interface LineMovement {
  readonly type: 'sale' | 'return' | 'adjustment';
  /** Signed: what it does to the stock. */
  readonly units: number;
  readonly reason: string | null;
}

/** An order line of any format, with all that follows from it. */
export interface OrderLine {
  /** Physical line in the file. */
  readonly line: number;
  readonly order: OrderRow;
  readonly sale: SaleRow;
  readonly product: ProductStub;
  readonly customer: CustomerStub | null;
  readonly movements: readonly LineMovement[];
  /** Whether it looks for an earlier sale whose demand it takes back. */
  readonly takesBack: boolean;
  /** Whether it corrects what is recorded under its id, because its file tells the newest state of orders. */
  readonly revises?: boolean;
}

/** DECIMAL(14, 4), in ten-thousandths. */
const TOTAL_LIMIT = 1e14;

/** Why the amounts of a line cannot be kept, if so. */
export function amountFault(total: number): string | undefined {
  return Math.abs(total) < TOTAL_LIMIT ? undefined : 'quantity times price is beyond 9,999,999,999';
}

/** The letters of `contentHashOf`, with 64 bits of the hash as numbers. */
export function contentKey(values: readonly unknown[]): { text: string; high: number; low: number } {
  const digest = createHash('sha256').update(JSON.stringify(values)).digest();
  return {
    text: digest.toString('base64url', 0, 9),
    high: digest.readUInt32LE(0),
    low: digest.readUInt32LE(4),
  };
}
