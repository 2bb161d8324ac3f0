import type { Shortfall } from '../core/inventory/book-movements.ts';
import { Fault } from './fault.ts';

/** A wish that asked for more than there is: Fault `conflict` that knows what was short. */
export class InsufficientStock extends Fault {
  readonly shortfalls: readonly Shortfall[];

  constructor(shortfalls: readonly Shortfall[]) {
    const details = shortfalls.map((short) => ({ field: short.productId, reason: shortReason(short) }));
    super('conflict', 'Insufficient stock', { details });
    this.shortfalls = shortfalls;
  }
}

/** Such as `6 wanted, 5 in stock, 2 of them reserved`. */
function shortReason({ wanted, level, committed }: Shortfall): string {
  return `${wanted} wanted, ${level} in stock${committed > 0 ? `, ${committed} of them reserved` : ''}`;
}
