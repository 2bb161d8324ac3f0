import * as z from 'zod';
import { Fault } from '../../../shared/contracts/fault.ts';

/** Square waits ten seconds for our own answer. */
const TIMEOUT_MS = 4_000;
const VERSION = '2025-01-23';
const Answer = z.object({ order: z.record(z.string(), z.unknown()) });

/** Asks Square's API for orders. What does not come is Fault `unavailable`: Square then sends its event again. */
export function openSquare(base: string) {
  return async (orderId: string, accessToken: string): Promise<unknown> => {
    try {
      const response = await fetch(`${base}/v2/orders/${encodeURIComponent(orderId)}`, {
        headers: { authorization: `Bearer ${accessToken}`, 'square-version': VERSION },
        signal: AbortSignal.timeout(TIMEOUT_MS),
        redirect: 'error',
      });
      if (!response.ok) throw new Error(`HTTP ${response.status}`);
      return Answer.parse(await response.json()).order;
    } catch (cause) {
      throw new Fault('unavailable', 'Square did not tell the lines of the order', { cause });
    }
  };
}
