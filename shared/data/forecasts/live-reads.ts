import * as z from 'zod';
import type { LiveForecast } from '../../contracts/api/page.ts';
import { addDays } from '../../core/calendar/add-days.ts';
import { type LiveModel, liveModel } from '../../core/forecast/online/live-model.ts';
import { readDailyDemand } from '../demand/daily-demand-store.ts';
import { timeColumn } from '../sql/columns.ts';
import type { Statements } from '../sql/database.ts';
import { readLiveForecasts } from './live-store.ts';
import { readNightly } from './nightly-store.ts';
import { type SeriesKey, seriesName } from './series-store.ts';

/** Days ahead that are shown. */
const DAYS = 7;

const Updated = z.object({ updated_at: timeColumn });

/** What is learnt of a series since the newest plan; null when it has learnt nothing. */
export async function readLive(db: Statements, key: SeriesKey): Promise<LiveForecast | null> {
  const found = (await readLiveForecasts(db, [key])).get(seriesName(key));
  const [row] = await db.select(
    Updated,
    `SELECT updated_at FROM live_forecast WHERE product_id = :productId AND location_id = :locationId`,
    { ...key },
  );
  if (!found || !row) return null;
  const model = liveModel(found.state);
  const firstDay = addDays(found.closedThrough, 1);
  const lastDay = addDays(found.closedThrough, DAYS);
  const nightly = await readNightly(db, [key], firstDay, lastDay);
  const sold = await readDailyDemand(db, [{ ...key, firstDay, lastDay }]);
  const soldOn = new Map((sold.get(seriesName(key)) ?? []).map(({ day, quantity }) => [day, quantity]));
  const { choice, held, sinceShift } = found.state;
  const score = model.score();
  return {
    learnt_through: found.closedThrough,
    updated_at: row.updated_at,
    speaks: choice,
    held_days: held,
    why: whyOf(model),
    score: score && { weeks: score.weeks, online: brief(score.online), nightly: brief(score.nightly) },
    level_shift: sinceShift === null ? null : addDays(found.closedThrough, -sinceShift),
    days: model.ahead(DAYS).map((online, i) => {
      const day = addDays(firstDay, i);
      // The plan that knows all that was learnt, not one of a later day.
      const byNight = nightly.of(key, day);
      const said = byNight === null ? null : brief(byNight);
      return {
        date: day,
        mean: choice === 'online' || said === null ? brief(online) : said,
        online: brief(online),
        nightly: said,
        sold: soldOn.get(day) ?? 0,
      };
    }),
  };
}

function whyOf(model: LiveModel): string {
  const score = model.score();
  if (!score) return 'The plan’s forecast speaks: there is no week yet over which the two can be compared.';
  const figures = `over ${score.weeks} sums of a week the online model was off by ${brief(score.online)} units, the plan’s forecast by ${brief(score.nightly)}`;
  return model.choice === 'online'
    ? `The online model speaks: ${figures}.`
    : `The plan’s forecast speaks: ${figures}, and the online model has to be better by 30 % over 14 such sums.`;
}

const brief = (value: number): number => Number(value.toPrecision(4));
