import { countRequest } from '../../../shared/data/messages/request-window-store.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';
import { Limited } from './problem.ts';

/** Requests that one caller may make in a window, counted over all containers. */
export const RATE_LIMITS = {
  address: { requests: 100, seconds: 60 },
  user: { requests: 1000, seconds: 3600 },
} as const;

/** Counts a request; Fault `limited` with the rest of the window when its address or its user has had enough. */
export async function limitRate(
  db: Statements,
  address: string,
  username: string | undefined,
  now: Date,
): Promise<void> {
  const counted = [
    windowOf('address', address, now),
    ...(username === undefined ? [] : [windowOf('user', username, now)]),
  ];
  const counts = await countRequest(db, counted);
  for (const [i, { limit, endsInSeconds }] of counted.entries()) {
    if (counts[i]! <= limit.requests) continue;
    throw new Limited(`More than ${limit.requests} requests in ${limit.seconds} seconds`, endsInSeconds);
  }
}

function windowOf(kind: keyof typeof RATE_LIMITS, who: string, now: Date) {
  const limit = RATE_LIMITS[kind];
  const lengthMs = limit.seconds * 1000;
  const startMs = Math.floor(now.getTime() / lengthMs) * lengthMs;
  const endsInSeconds = Math.ceil((startMs + lengthMs - now.getTime()) / 1000);
  return { subject: `${kind}:${who}`.slice(0, 160), start: new Date(startMs), limit, endsInSeconds };
}
