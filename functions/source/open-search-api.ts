import * as z from 'zod';
import type { ProductSource, SearchFailure, SearchResult } from './product-source.ts';
import { readAnswer, sentence } from './read-answer.ts';
import { searchAddress } from './search-address.ts';

/** Time, so that tests need not wait. */
export interface Clock {
  now(): number;
  sleep(ms: number): Promise<void>;
}

export interface SearchApiOptions {
  readonly baseUrl: string;
  /** Undefined while nobody has set one. */
  readonly readKey: () => Promise<string | undefined>;
  readonly callsPerSecond: number;
  readonly timeoutMs?: number;
  readonly clock?: Clock;
}

/** Calls for one page of results, waits between them where the other side names none, and the longest wait that is kept. */
const ATTEMPTS = 4;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
const TIMEOUT_MS = 30_000;
/** An answer is some 300 KB. */
const MOST_BYTES = 10_000_000;

export const NO_KEY = 'No key for the search API is set: see "Product sourcing" in docs/USING.md';

const REAL_CLOCK: Clock = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/**
 * The search API of serpapi.com, asked no faster than agreed and again when it is busy or out of order: after the time
 * that it names, else after 1, 2 and 4 seconds. The key travels in the address alone and is in no message.
 */
export function openSearchApi(options: SearchApiOptions): ProductSource {
  const { baseUrl, readKey, callsPerSecond, timeoutMs = TIMEOUT_MS, clock = REAL_CLOCK } = options;
  const spacingMs = 1000 / callsPerSecond;
  let nextCall = 0;

  /** Callers take turns: each waits for the slot that it was given. */
  async function takeTurn(): Promise<void> {
    const now = clock.now();
    const turn = Math.max(now, nextCall);
    nextCall = turn + spacingMs;
    if (turn > now) await clock.sleep(turn - now);
  }

  return {
    async search(query, market, mayAsk) {
      const key = await readKey();
      if (key === undefined) return { failure: { reason: NO_KEY, isFinal: true } };
      const url = searchAddress(baseUrl, query, market);
      url.searchParams.set('api_key', key);
      for (let attempt = 1; ; attempt++) {
        if (!(await mayAsk()))
          return { failure: { reason: 'All searches that were allowed are used up', isFinal: true } };
        await takeTurn();
        const call = await ask(url, timeoutMs);
        if ('body' in call) return hideKey(readAnswer(market.engine, market.country, call.body), key);
        const waitMs = call.waitMs ?? FIRST_WAIT_MS * 2 ** (attempt - 1);
        const givesUp =
          attempt === ATTEMPTS
            ? `after ${ATTEMPTS} attempts`
            : waitMs > LONGEST_WAIT_MS
              ? `it asks to wait ${Math.ceil(waitMs / 1000)} s`
              : undefined;
        if (!call.isPassing) return hideKey({ failure: call.failure }, key);
        if (givesUp !== undefined) {
          const { reason, isFinal } = call.failure;
          return hideKey({ failure: { reason: `${reason}; given up: ${givesUp}`, isFinal } }, key);
        }
        await clock.sleep(waitMs);
      }
    },
  };
}

type Call =
  | { readonly body: unknown }
  | {
      readonly failure: SearchFailure;
      /** Whether it is worth asking again. */
      readonly isPassing: boolean;
      /** How long to wait, where the other side says so. */
      readonly waitMs?: number | undefined;
    };

const passing = (reason: string, waitMs?: number): Call => ({
  failure: { reason, isFinal: false },
  isPassing: true,
  waitMs,
});

async function ask(url: URL, timeoutMs: number): Promise<Call> {
  let response: Response;
  let text: string | undefined;
  try {
    response = await fetch(url, {
      headers: { accept: 'application/json' },
      // whoever it would lead to is not whom the key is for
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    text = await readText(response);
  } catch (error) {
    const isLate = error instanceof Error && error.name === 'TimeoutError';
    return passing(isLate ? `No answer within ${timeoutMs / 1000} s` : 'The search API cannot be reached');
  }
  if (text === undefined) return refused(`The answer is longer than ${MOST_BYTES} bytes`);
  const body = jsonOf(text);
  const said = Said.safeParse(body).data?.error;
  if (response.ok) return body === undefined ? passing('The answer is no JSON') : { body };
  const words = said === undefined ? '' : `: ${sentence(said)}`;
  const reason = `The search API answers ${response.status}${words}`;
  if (response.status === 401 || response.status === 403) return refused(reason, true);
  // the same status for too many an hour, which passes, and for a used-up account, which does not
  if (response.status === 429 && /run out|ran out/i.test(said ?? '')) return refused(reason, true);
  if (response.status === 429 || response.status >= 500)
    return passing(reason, retryAfterMs(response.headers.get('retry-after')));
  return refused(reason);
}

const Said = z.object({ error: z.string() });
const refused = (reason: string, isFinal = false): Call => ({
  failure: { reason, isFinal },
  isPassing: false,
});

async function readText(response: Response): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const piece of response.body ?? []) {
    bytes += piece.length;
    if (bytes > MOST_BYTES) return undefined;
    text += decoder.decode(piece, { stream: true });
  }
  return text + decoder.decode();
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Seconds or a date. */
function retryAfterMs(header: string | null): number | undefined {
  if (header === null) return undefined;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now());
}

/** Whatever the other side repeats of the question, the key is not passed on. */
function hideKey(result: SearchResult, key: string): SearchResult {
  if (!('failure' in result)) return result;
  const { reason, isFinal } = result.failure;
  return { failure: { reason: reason.replaceAll(key, '***'), isFinal } };
}
