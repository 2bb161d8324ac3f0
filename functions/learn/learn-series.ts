import { addDays, daysBetween } from '../../shared/core/calendar/add-days.ts';
import { KEPT_NIGHTLY, liveModel } from '../../shared/core/forecast/online/live-model.ts';
import {
  type DayDemand,
  type DayRange,
  fingerprintOf,
  readDailyDemand,
  readFingerprints,
  readFirstDays,
} from '../../shared/data/demand/daily-demand-store.ts';
import {
  type LiveForecast,
  readLiveForecasts,
  saveLiveForecasts,
} from '../../shared/data/forecasts/live-store.ts';
import { type Nightly, readNightly } from '../../shared/data/forecasts/nightly-store.ts';
import { type SeriesKey, seriesName } from '../../shared/data/forecasts/series-store.ts';
import { readBusinessDay } from '../../shared/data/planning/business-day.ts';
import type { Statements } from '../../shared/data/sql/database.ts';

/** Days of history that a series begins to learn from, and the most that it learns again when one of them has changed. */
const FIRST_DAYS = 400;
const MOST_DAYS = 1100;

/**
 * Learns the days of these series that are over and not yet learnt, day by day; the day that counts as today is still
 * open. Where the demand of a learnt day has changed, as by a late sale, all days are learnt again, with the nightly
 * forecasts that are kept. A function of the demand and the plans alone.
 */
export async function learnSeries(tx: Statements, keys: readonly SeriesKey[]): Promise<void> {
  // first the lock: day and demand are then read as whoever held it has left them
  const known = await readLiveForecasts(tx, keys, { forUpdate: true });
  const asOf = await readBusinessDay(tx);
  if (asOf === undefined) return;
  const lastDay = addDays(asOf, -1);
  const states = [...known.values()];
  const learntRanges = states.map((one) => ({ ...one, lastDay: one.closedThrough }));
  const prints = states.length > 0 ? await readFingerprints(tx, learntRanges) : new Map<string, string>();
  const reach = keys.map((key) => ({ ...key, firstDay: addDays(asOf, -FIRST_DAYS), lastDay }));
  const starts = await readFirstDays(tx, reach);
  const tasks = keys.flatMap((key): Task[] => {
    const name = seriesName(key);
    const old = known.get(name);
    const found = starts.get(name);
    const started = old && !(found !== undefined && found < old.firstDay) ? old.firstDay : found;
    if (started === undefined || started > lastDay) return [];
    // A state that is ahead has closed days that are not over: the day was set back, or a mistyped one is corrected.
    const isAhead = old !== undefined && old.closedThrough > lastDay;
    const isIntact = old !== undefined && started === old.firstDay && prints.get(name) === old.fingerprint;
    if (old && isIntact && !isAhead) {
      if (old.closedThrough === lastDay) return [];
      return [{ ...key, firstDay: addDays(old.closedThrough, 1), lastDay, start: old.firstDay, old }];
    }
    const earliest = addDays(lastDay, -MOST_DAYS);
    const start = started > earliest ? started : earliest;
    return [{ ...key, firstDay: start, lastDay, start, old }];
  });
  if (tasks.length === 0) return;
  const demand = await readDailyDemand(tx, tasks);
  const newest = addDays(lastDay, 1 - KEPT_NIGHTLY);
  const nightly = await readNightly(tx, tasks, newest, lastDay);
  await saveLiveForecasts(
    tx,
    tasks.map((task) => learnt(task, demand.get(seriesName(task)) ?? [], nightly)),
  );
}

interface Task extends DayRange {
  /** First day that the state has learnt when it is done. */
  readonly start: string;
  readonly old: LiveForecast | undefined;
}

function learnt(task: Task, demand: readonly DayDemand[], nightly: Nightly): LiveForecast {
  const { productId, locationId, firstDay, lastDay, start, old } = task;
  const goesOn = old !== undefined && firstDay > old.closedThrough;
  const model = liveModel(goesOn ? old.state : undefined);
  const kept = old && !goesOn ? old : undefined;
  const byDay = new Map(demand.map(({ day, quantity }) => [day, quantity]));
  const days = daysBetween(firstDay, lastDay) + 1;
  for (let i = 0; i < days; i++) {
    const day = addDays(firstDay, i);
    model.close(byDay.get(day) ?? 0, saidOf(kept, day) ?? nightly.of(task, day));
  }
  const before = goesOn ? BigInt(old.fingerprint) : 0n;
  return {
    productId,
    locationId,
    firstDay: start,
    closedThrough: lastDay,
    fingerprint: String(before + fingerprintOf(demand)),
    state: model.toState(),
  };
}

/** What the nightly forecast had said of a day, as it was kept when the day was first learnt. */
function saidOf(kept: LiveForecast | undefined, day: string): number | null {
  if (!kept || day > kept.closedThrough) return null;
  const { nightly } = kept.state;
  return nightly[nightly.length - 1 - daysBetween(day, kept.closedThrough)] ?? null;
}
