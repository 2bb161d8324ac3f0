import { Cron } from 'croner';

/** When a schedule runs next after a moment; undefined when never again. */
export type NextRun = (after: Date) => Date | undefined;

/** More runs than the longest gap has minutes. */
const MOST_IN_A_GAP = 200;
const UNIT_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * Reads `rate(...)`, `cron(...)` or `at(...)` of EventBridge. A rate counts from `start`; cron and at go by the
 * wall clock of the time zone.
 */
export function nextRunOf(expression: string, timeZone: string, start: Date): NextRun {
  const match = /^(rate|cron|at)\((.+)\)$/.exec(expression.trim());
  if (!match) throw new Error(`Not a schedule expression: ${expression}`);
  const [, kind, body] = match as unknown as [string, string, string];
  if (kind === 'rate') return rateOf(body, start);
  const cron = new Cron(kind === 'at' ? body : cronPattern(body), {
    timezone: timeZone,
    // Sunday is 1 here, as in AWS.
    alternativeWeekdays: true,
    paused: true,
  });
  if (kind === 'at') return (after) => cron.nextRun(after) ?? undefined;
  return (after) => {
    let next = cron.nextRun(after);
    // Where the clock is put forward, croner runs late what fell into the gap; Scheduler leaves it out.
    for (let tries = 0; next && !cron.match(next) && tries < MOST_IN_A_GAP; tries += 1)
      next = cron.nextRun(next);
    return next ?? undefined;
  };
}

function rateOf(body: string, start: Date): NextRun {
  const match = /^(\d+) (minute|hour|day)s?$/.exec(body.trim());
  const everyMs = Number(match?.[1]) * (UNIT_MS[match?.[2] ?? ''] ?? 0);
  if (!(everyMs > 0)) throw new Error(`Not a rate: ${body}`);
  return (after) => {
    const elapsed = Math.max(0, after.getTime() - start.getTime());
    return new Date(start.getTime() + (Math.floor(elapsed / everyMs) + 1) * everyMs);
  };
}

/** AWS's six fields (minute hour day month weekday year) in the seven of croner. */
function cronPattern(body: string): string {
  const fields = body.trim().split(/\s+/);
  if (fields.length !== 6) throw new Error(`A cron expression has six fields: ${body}`);
  const [minute, hour, day, month, weekday, year] = fields as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  if ((day === '?') === (weekday === '?'))
    throw new Error(`Exactly one of day of month and day of week must be ?: ${body}`);
  return [
    '0',
    stepped(minute, 59),
    stepped(hour, 23),
    stepped(day === '?' ? '*' : day, 31),
    stepped(month, 12),
    stepped(weekday === '?' ? '*' : lastWeekday(weekday), 7),
    stepped(year, 2199),
  ].join(' ');
}

/** `5/10` means from 5 to the end by tens. */
function stepped(field: string, maximum: number): string {
  return field.replace(
    /(^|,)(\w+)\/(\d+)/g,
    (_whole, before, from, step) => `${before}${from}-${maximum}/${step}`,
  );
}

/** `6L` or `FRIL` is the last Friday; `L` alone the last day of the week. */
function lastWeekday(field: string): string {
  return field === 'L' ? '7' : field.replace(/^(\d|[A-Z]{3})L$/i, '$1#L');
}
