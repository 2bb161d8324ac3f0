/**
 * Local times of a zone as instants. A time that a clock showed twice (summer time ends) is its first occurrence; one
 * that no clock showed (summer time begins) is as much later as the clocks were put forward.
 */
export function instantOf(localMs: number, timeZone: string): number {
  if (timeZone === 'UTC') return localMs;
  const zone = zoneOf(timeZone);
  const before = zone.offsetAt(localMs - DAY);
  const after = zone.offsetAt(localMs + DAY);
  if (before === after) return localMs - before;
  const [early, late] = [localMs - before, localMs - after];
  if (zone.offsetAt(early) === before) return early;
  return zone.offsetAt(late) === after ? late : early;
}

/** The IANA zone of a name, of a display name such as `Eastern Time (US & Canada)`, or undefined. */
export function zoneNamed(text: string): string | undefined {
  const name = text.trim();
  const known = (Object.hasOwn(DISPLAY_NAMES, name) && DISPLAY_NAMES[name]) || name;
  if (known === 'UTC') return known;
  // An offset such as +05:00 would be accepted by Intl, and bare abbreviations mean different things to different people.
  if (!/^[A-Z][A-Za-z_]+\/[A-Za-z_/+-]+$/.test(known)) return undefined;
  return zones.has(known) || isZone(known) ? known : undefined;
}

const DAY = 86_400_000;
const QUARTER = 900_000;
/** Days and quarters of an hour remembered of a zone; a file seldom spans more than some years. */
const MEMORY = 20_000;

const zones = new Map<string, Zone>();

function zoneOf(timeZone: string): Zone {
  let zone = zones.get(timeZone);
  if (zone === undefined) {
    zone = new Zone(timeZone);
    zones.set(timeZone, zone);
  }
  return zone;
}

/** Offsets of one zone: asking Intl costs microseconds, so a day with one offset is asked for once. */
class Zone {
  readonly #format: Intl.DateTimeFormat;
  readonly #days = new Map<number, number | undefined>();
  readonly #quarters = new Map<number, number>();

  constructor(timeZone: string) {
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  }

  /** Milliseconds that clocks of the zone are ahead of UTC. */
  offsetAt(ms: number): number {
    const day = Math.floor(ms / DAY);
    if (!this.#days.has(day)) {
      if (this.#days.size >= MEMORY) this.#days.clear();
      const start = this.#ask(day * DAY);
      this.#days.set(day, start === this.#ask((day + 1) * DAY) ? start : undefined);
    }
    return this.#days.get(day) ?? this.#ofQuarter(Math.floor(ms / QUARTER));
  }

  /** Clocks are put on and back at whole quarters of an hour. */
  #ofQuarter(quarter: number): number {
    let offset = this.#quarters.get(quarter);
    if (offset === undefined) {
      if (this.#quarters.size >= MEMORY) this.#quarters.clear();
      offset = this.#ask(quarter * QUARTER);
      this.#quarters.set(quarter, offset);
    }
    return offset;
  }

  #ask(ms: number): number {
    const part: Record<string, number> = {};
    for (const { type, value } of this.#format.formatToParts(ms)) part[type] = Number(value);
    const local = Date.UTC(part.year!, part.month! - 1, part.day, part.hour, part.minute, part.second);
    return local - Math.floor(ms / 1000) * 1000;
  }
}

function isZone(timeZone: string): boolean {
  try {
    zoneOf(timeZone);
    return true;
  } catch {
    return false;
  }
}

/** Names that Square shows to its sellers. */
const DISPLAY_NAMES: Readonly<Record<string, string>> = {
  UTC: 'UTC',
  GMT: 'UTC',
  'Etc/UTC': 'UTC',
  'Etc/GMT': 'UTC',
  Hawaii: 'Pacific/Honolulu',
  'Hawaii Time': 'Pacific/Honolulu',
  Alaska: 'America/Anchorage',
  'Alaska Time': 'America/Anchorage',
  'Pacific Time (US & Canada)': 'America/Los_Angeles',
  Arizona: 'America/Phoenix',
  'Mountain Time (US & Canada)': 'America/Denver',
  'Central Time (US & Canada)': 'America/Chicago',
  'Eastern Time (US & Canada)': 'America/New_York',
  'Indiana (East)': 'America/Indiana/Indianapolis',
  'Atlantic Time (Canada)': 'America/Halifax',
  Newfoundland: 'America/St_Johns',
  Saskatchewan: 'America/Regina',
  'Puerto Rico': 'America/Puerto_Rico',
  London: 'Europe/London',
  Edinburgh: 'Europe/London',
  Dublin: 'Europe/Dublin',
  Lisbon: 'Europe/Lisbon',
  Paris: 'Europe/Paris',
  Madrid: 'Europe/Madrid',
  Berlin: 'Europe/Berlin',
  Amsterdam: 'Europe/Amsterdam',
  Rome: 'Europe/Rome',
  Tokyo: 'Asia/Tokyo',
  Osaka: 'Asia/Tokyo',
  Sapporo: 'Asia/Tokyo',
  Perth: 'Australia/Perth',
  Adelaide: 'Australia/Adelaide',
  Darwin: 'Australia/Darwin',
  Brisbane: 'Australia/Brisbane',
  Canberra: 'Australia/Sydney',
  Sydney: 'Australia/Sydney',
  Melbourne: 'Australia/Melbourne',
  Hobart: 'Australia/Hobart',
  Auckland: 'Pacific/Auckland',
  Wellington: 'Pacific/Auckland',
};
