import type Holidays from 'date-holidays';
import { Fault } from '../../shared/contracts/fault.ts';
import type { Holiday } from '../../shared/core/forecast/calendar/holiday-regressors.ts';

const DAY_MS = 86_400_000;
/** Most years asked for at once. */
const MOST_YEARS = 200;
const PLACE = /^([A-Z]{2})(?:-([A-Z0-9]{1,3}))?$/;

/**
 * Public and bank holidays of a country (`GB`), or of a part of one (`US-CA`), from one day to another
 * (`YYYY-MM-DD`), whole years of them. Names are in English, so that a name means the same day everywhere. Throws Fault
 * `invalid` for a place that nothing is known of.
 */
export async function countryHolidays(place: string, from: string, to: string): Promise<Holiday[]> {
  const source = await sourceOf(place);
  const first = Number(from.slice(0, 4));
  const last = Number(to.slice(0, 4));
  if (!(last - first >= 0 && last - first < MOST_YEARS))
    throw new RangeError(`holidays from ${from} to ${to}`);
  const found: Holiday[] = [];
  for (let year = first; year <= last; year++) {
    for (const { date, start, end, name, type } of source.getHolidays(year)) {
      if (type !== 'public' && type !== 'bank') continue;
      // `date` is the local day; `start` and `end` are midnights of the country's own zone, an hour off in a spring night.
      const days = Math.max(1, Math.round((end.getTime() - start.getTime()) / DAY_MS));
      found.push({ day: date.slice(0, 10), name, days });
    }
  }
  return found;
}

async function sourceOf(place: string): Promise<Holidays> {
  // The days of all countries take a tenth of a second to load, and most runs ask for none.
  const { default: Source } = await import('date-holidays');
  const [, country, part] = PLACE.exec(place) ?? [];
  const all = new Source();
  const isKnown =
    country !== undefined &&
    country in all.getCountries() &&
    (part === undefined || part in (all.getStates(country) ?? {}));
  if (!isKnown)
    throw new Fault(
      'invalid',
      `no holidays are known of ${place}: a country such as GB, or a part such as US-CA`,
    );
  const options = { languages: ['en'] };
  return part === undefined ? new Source(country, options) : new Source(country, part, options);
}
