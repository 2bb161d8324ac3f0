import type { DayEvents } from './day-events.ts';
import { marketDay, openMarket } from './realistic/market-day.ts';
import type { MarketState } from './realistic/market-state.ts';
import type { SimulationSettings } from './settings.ts';
import { openShop, shopDay } from './shop-day.ts';
import type { ShopState } from './shop-state.ts';

/** Everything that the days to come depend on, besides the settings. Plain data: JSON and back changes nothing. */
export type WorldState = ShopState | MarketState;

/** The world before its first day. */
export const openWorld = (settings: SimulationSettings): WorldState =>
  settings.demand === 'original' ? openShop(settings) : openMarket(settings);

/**
 * One day of a simulated business: what happens, and the state in the evening. Pure: the same state, settings and day
 * give the same events, so that days may be simulated in chunks of any size, again after a kill, or on another machine.
 */
export function simulateDay(
  state: WorldState,
  settings: SimulationSettings,
  day: number,
): { readonly events: DayEvents; readonly state: WorldState } {
  if (settings.demand === 'original' && state.demand === 'original') return shopDay(state, settings, day);
  if (settings.demand === 'realistic' && state.demand === 'realistic') return marketDay(state, settings, day);
  throw new RangeError('the state is of another kind of world');
}
