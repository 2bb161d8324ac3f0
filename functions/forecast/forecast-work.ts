import * as z from 'zod';
import { ForecastRequested, GroupsRequested } from '../../shared/contracts/messages.ts';
import type { Delivery } from '../../shared/runtime/queue-handler.ts';
import { type ForecastNeeds, forecastChunk } from './forecast-chunk.ts';
import { forecastGroups } from './forecast-groups.ts';

/** What the forecast queue carries. */
export const ForecastWork = z.discriminatedUnion('type', [ForecastRequested, GroupsRequested]);
export type ForecastWork = z.infer<typeof ForecastWork>;

/** Does one piece of a run's forecasting: a chunk of series, or the groups of all. */
export function doForecastWork(
  needs: ForecastNeeds,
  work: ForecastWork,
  delivery: Pick<Delivery, 'remainingMs'> & { readonly logger: Pick<Delivery['logger'], 'info' | 'warn'> },
): Promise<void> {
  return work.type === 'ForecastRequested'
    ? forecastChunk(needs, work, delivery)
    : forecastGroups(needs, work, delivery);
}
