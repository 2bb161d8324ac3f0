import { readSimulationConfig, settingsOf } from '../../../shared/contracts/simulation-settings.ts';
import type { BookedMovement } from '../../../shared/core/inventory/book-movements.ts';
import type { DayEvents } from '../../../shared/core/simulate/day-events.ts';
import { openMemoryLedger } from '../../../shared/core/simulate/ledger-lines.ts';
import type {
  MarketSettings,
  ShopSettings,
  SimulationSettings,
} from '../../../shared/core/simulate/settings.ts';
import { openWorld, simulateDay, type WorldState } from '../../../shared/core/simulate/simulate-day.ts';

export const settingsFor = (config: Record<string, unknown>): SimulationSettings =>
  settingsOf(readSimulationConfig(config, 'keys'));
export const shopFor = (config: Record<string, unknown> = {}): ShopSettings =>
  settingsFor(config) as ShopSettings;
export const marketFor = (config: Record<string, unknown> = {}): MarketSettings =>
  settingsFor({ SIMULATION_DEMAND: 'realistic', ...config }) as MarketSettings;

export interface SimulatedRun {
  readonly days: readonly DayEvents[];
  readonly ledger: readonly BookedMovement[];
  readonly levels: ReadonlyMap<string, number>;
  readonly state: WorldState;
}

/** All days of a world; `throughJson` hands the state on as text after each of these days. */
export function runWorld(
  settings: SimulationSettings,
  throughJson: ReadonlySet<number> = new Set(),
): SimulatedRun {
  const ledger = openMemoryLedger();
  const days: DayEvents[] = [];
  const movements: BookedMovement[] = [];
  let state = openWorld(settings);
  for (let day = 0; day < settings.days; day++) {
    const simulated = simulateDay(state, settings, day);
    state = simulated.state;
    if (throughJson.has(day)) state = JSON.parse(JSON.stringify(state)) as WorldState;
    movements.push(...ledger.book(simulated.events));
    days.push(simulated.events);
  }
  const levels = new Map(
    [...ledger.levels()].map(({ productId, locationId, level }) => [`${productId}|${locationId}`, level]),
  );
  return { days, ledger: movements, levels, state };
}

/** Half the width of the 99.9 % interval of a share seen in n draws. */
export const shareMargin = (p: number, n: number): number => 3.29 * Math.sqrt((p * (1 - p)) / n);
