import { afterEach, expect, test } from 'vitest';
import { type Clock, openSearchApi } from '../../../functions/source/open-search-api.ts';
import type { Market, SearchAnswer, SearchFailure } from '../../../functions/source/product-source.ts';
import {
  amazonAnswer,
  amazonResult,
  ebayAnswer,
  emptyAnswer,
  shoppingAnswer,
  walmartAnswer,
} from './invented-answers.ts';
import { openSearchServer, type Reply } from './search-server.ts';

const KEY = 'k3y-of-the-test';
const AMAZON: Market = { engine: 'amazon', country: 'US', page: 1 };

/** A clock whose sleeps take no time and are written down. */
function fakeClock(): Clock & { readonly slept: number[] } {
  let now = 0;
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    async sleep(ms) {
      slept.push(ms);
      now += ms;
    },
  };
}

let server: Awaited<ReturnType<typeof openSearchServer>> | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

interface Settings {
  readonly market?: Market;
  readonly clock?: Clock;
  readonly key?: string | undefined;
  readonly mayAsk?: () => Promise<boolean>;
  readonly timeoutMs?: number;
}

/** One search for "drill" against a server that answers so. */
async function search(answer: (call: number) => Reply, settings: Settings = {}) {
  server = await openSearchServer((_, call) => answer(call));
  const { market = AMAZON, clock = fakeClock(), mayAsk = async () => true, timeoutMs = 10_000 } = settings;
  const key = 'key' in settings ? settings.key : KEY;
  const api = openSearchApi({
    baseUrl: server.url,
    readKey: async () => key,
    callsPerSecond: 1000,
    clock,
    timeoutMs,
  });
  return api.search('drill & co', market, mayAsk);
}

const offersOf = async (body: unknown, market: Market = AMAZON) =>
  ((await search(() => ({ body }), { market })) as SearchAnswer).offers;
const failureOf = async (answer: (call: number) => Reply, settings?: Settings) =>
  ((await search(answer, settings)) as { failure: SearchFailure }).failure;

test.each([
  [AMAZON, { engine: 'amazon', k: 'drill & co', amazon_domain: 'amazon.com', page: '1' }],
  [
    { engine: 'amazon', country: 'GB', page: 2 },
    { engine: 'amazon', k: 'drill & co', amazon_domain: 'amazon.co.uk', page: '2' },
  ],
  [
    { engine: 'google_shopping', country: 'GB', page: 1 },
    { engine: 'google_shopping', q: 'drill & co', gl: 'uk', hl: 'en' },
  ],
  [
    { engine: 'google_shopping', country: 'IN', page: 2 },
    { engine: 'google_shopping', q: 'drill & co', gl: 'in', hl: 'en', start: '60' },
  ],
  [
    { engine: 'walmart', country: 'US', page: 3 },
    { engine: 'walmart', query: 'drill & co', page: '3' },
  ],
  [
    { engine: 'ebay', country: 'DE', page: 1 },
    { engine: 'ebay', _nkw: 'drill & co', ebay_domain: 'ebay.de', _pgn: '1' },
  ],
] as const)('a search of %j asks with the parameters of its engine', async (market, parameters) => {
  await search(() => ({ body: emptyAnswer }), { market });
  expect(server!.calls).toMatchObject([
    { path: '/search.json', parameters: { ...parameters, api_key: KEY } },
  ]);
  expect(Object.keys(server!.calls[0]!.parameters).sort()).toEqual(
    [...Object.keys(parameters), 'api_key'].sort(),
  );
});

test('offers of amazon: price as number or text or none, brand, the mark of sponsored ones', async () => {
  const body = amazonAnswer([
    { id: 'B1', price: 20.5, sponsored: true },
    { id: 'B2', priceText: '₹20,999', rating: 4.4, reviews: 17_552 },
    { id: 'B3' },
    { id: 'B4', price: 1234.5 },
  ]);
  expect(await offersOf(body)).toEqual([
    {
      sourceId: 'B1',
      title: 'Acme B1 Drill | 20V',
      price: 205_000,
      brand: 'Acme',
      rating: null,
      reviews: null,
      isSponsored: true,
    },
    {
      sourceId: 'B2',
      title: 'Acme B2 Drill | 20V',
      price: 209_990_000,
      brand: 'Acme',
      rating: 4.4,
      reviews: 17_552,
      isSponsored: false,
    },
    expect.objectContaining({ sourceId: 'B3', price: null }),
    expect.objectContaining({ sourceId: 'B4', price: 12_345_000 }),
  ]);
});

test('offers of google_shopping, walmart and ebay', async () => {
  const shopping = shoppingAnswer([
    { id: '14', price: 90 },
    { id: '15', priceText: '1.234,50 €', rating: 4.6, reviews: 242 },
  ]);
  expect(await offersOf(shopping, { engine: 'google_shopping', country: 'DE', page: 1 })).toMatchObject([
    { sourceId: '14', price: 900_000, rating: null },
    { sourceId: '15', price: 12_345_000, rating: 4.6, reviews: 242 },
  ]);
  await server!.close();
  const walmart = walmartAnswer([
    { id: '7', price: 8.98, rating: 4.5, reviews: 417 },
    { id: '8', sponsored: true },
  ]);
  expect(await offersOf(walmart, { engine: 'walmart', country: 'US', page: 1 })).toMatchObject([
    { sourceId: '7', price: 89_800, rating: 4.5, reviews: 417, isSponsored: false },
    { sourceId: '8', price: 77_200, rating: null, reviews: 0, isSponsored: true },
  ]);
  await server!.close();
  const ebay = ebayAnswer([
    { id: '3344', price: 12.5 },
    { id: '3355', price: 20, priceText: '$20.00', sponsored: true },
  ]);
  expect(await offersOf(ebay, { engine: 'ebay', country: 'US', page: 1 })).toMatchObject([
    { sourceId: '3344', price: 125_000, isSponsored: false },
    { sourceId: '3355', price: 200_000, isSponsored: true },
  ]);
});

test('the same title without an id has the same identity', async () => {
  const nameless = { ...amazonResult({ id: '', price: 3 }), asin: null, title: 'Acme Lamp' };
  const [a, b] = await offersOf({ organic_results: [nameless, { ...nameless, title: 'ACME lamp' }] });
  expect(a!.sourceId).toMatch(/^title:.{22}$/);
  expect(b!.sourceId).toBe(a!.sourceId);
});

test('a broken result is told of by its place and field, and costs the others nothing', async () => {
  const body = { organic_results: [amazonResult({ id: 'B1', price: 5 }), { asin: 'B2', title: 17 }, 'x'] };
  const answer = (await search(() => ({ body }))) as SearchAnswer;
  expect(answer.offers).toHaveLength(1);
  expect(answer.unreadable).toEqual([
    expect.stringMatching(/^result 2: title: /),
    expect.stringMatching(/^result 3: /),
  ]);
});

test('an answer whose results are no list, or all broken, is a failure that says where', async () => {
  expect(await failureOf(() => ({ body: { organic_results: 'none' } }))).toEqual({
    reason: expect.stringMatching(/^The answer cannot be read: organic_results: /),
    isFinal: false,
  });
  await server!.close();
  expect(await failureOf(() => ({ body: { organic_results: [{ asin: 'B1' }] } }))).toEqual({
    reason: expect.stringMatching(/^No result can be read: result 1: title: /),
    isFinal: false,
  });
});

test('nothing found is an answer without offers, and a failed search is not', async () => {
  expect(await search(() => ({ body: emptyAnswer }))).toEqual({ offers: [], unreadable: [] });
  await server!.close();
  const body = { search_metadata: { status: 'Error' }, error: 'Unsupported `x` parameter.' };
  expect(await failureOf(() => ({ body }))).toEqual({
    reason: 'The search failed: Unsupported `x` parameter.',
    isFinal: false,
  });
});

const good = { body: amazonAnswer([{ id: 'B1', price: 5 }]) };

test.each([429, 500, 503])('after %i it asks again, each time later', async (status) => {
  const clock = fakeClock();
  const answer = await search((call) => (call < 4 ? { status, body: {} } : good), { clock });
  expect(answer).toMatchObject({ offers: [{ sourceId: 'B1' }] });
  expect(clock.slept.filter((ms) => ms >= 1000)).toEqual([1000, 2000, 4000]);
});

test('it waits as long as it is told to', async () => {
  const clock = fakeClock();
  await search((call) => (call === 1 ? { status: 429, body: {}, headers: { 'retry-after': '7' } } : good), {
    clock,
  });
  expect(clock.slept).toContain(7000);
});

test('it waits until the day and time it is told', async () => {
  const clock = fakeClock();
  const date = new Date(Date.now() + 20_000).toUTCString();
  await search((call) => (call === 1 ? { status: 503, body: {}, headers: { 'retry-after': date } } : good), {
    clock,
  });
  const longest = Math.max(...clock.slept);
  expect(longest).toBeGreaterThan(10_000);
  expect(longest).toBeLessThanOrEqual(20_000);
});

test('it does not wait for an hour', async () => {
  const failure = await failureOf(() => ({ status: 429, body: {}, headers: { 'retry-after': '3600' } }));
  expect(failure).toEqual({
    reason: 'The search API answers 429; given up: it asks to wait 3600 s',
    isFinal: false,
  });
  expect(server!.calls).toHaveLength(1);
});

test('it gives up after four attempts', async () => {
  const failure = await failureOf(() => ({ status: 503, body: { error: 'Please try again later.' } }));
  expect(failure).toEqual({
    reason: 'The search API answers 503: Please try again later.; given up: after 4 attempts',
    isFinal: false,
  });
  expect(server!.calls).toHaveLength(4);
});

test('silence is asked again, and then told', async () => {
  const failure = await failureOf(() => ({ hangs: true }), { timeoutMs: 50 });
  expect(failure.reason).toBe('No answer within 0.05 s; given up: after 4 attempts');
  expect(server!.calls).toHaveLength(4);
});

test('a port where nobody listens is told without the address', async () => {
  const gone = await openSearchServer(() => good);
  await gone.close();
  const api = openSearchApi({
    baseUrl: gone.url,
    readKey: async () => KEY,
    callsPerSecond: 1000,
    clock: fakeClock(),
  });
  expect(await api.search('drill', AMAZON, async () => true)).toEqual({
    failure: { reason: 'The search API cannot be reached; given up: after 4 attempts', isFinal: false },
  });
});

test.each([
  [401, { error: `Invalid API key ${KEY}.` }, 'The search API answers 401: Invalid API key ***.'],
  [403, {}, 'The search API answers 403'],
  [
    429,
    { error: 'Your account has run out of searches.' },
    'The search API answers 429: Your account has run out of searches.',
  ],
])('%i with %j is final, is not asked again, and never shows the key', async (status, body, reason) => {
  expect(await failureOf(() => ({ status, body }))).toEqual({ reason, isFinal: true });
  expect(server!.calls).toHaveLength(1);
});

test('a bad request is not asked again and ends nothing else', async () => {
  expect(await failureOf(() => ({ status: 400, body: { error: 'Missing query `k` parameter.' } }))).toEqual({
    reason: 'The search API answers 400: Missing query `k` parameter.',
    isFinal: false,
  });
  expect(server!.calls).toHaveLength(1);
});

test('it follows nobody elsewhere: the key is for one place only', async () => {
  const elsewhere = await openSearchServer(() => good);
  const failure = await failureOf(() => ({
    status: 302,
    headers: { location: `${elsewhere.url}/search.json` },
    body: {},
  }));
  expect(failure.reason).toBe('The search API answers 302');
  expect(elsewhere.calls).toHaveLength(0);
  await elsewhere.close();
});

test('no JSON is asked again', async () => {
  const answer = await search((call) => (call === 1 ? { text: '<html>busy</html>' } : good));
  expect(answer).toMatchObject({ offers: [{ sourceId: 'B1' }] });
});

test('without a key nobody is asked', async () => {
  const failure = await failureOf(() => good, { key: undefined });
  expect(failure).toEqual({
    reason: expect.stringContaining('No key for the search API is set'),
    isFinal: true,
  });
  expect(server!.calls).toHaveLength(0);
});

test('every call is counted before it is made, repetitions too, and none is made beyond what is allowed', async () => {
  let left = 2;
  const mayAsk = async () => left-- > 0;
  const failure = await failureOf(() => ({ status: 500, body: {} }), { mayAsk });
  expect(failure).toEqual({ reason: 'All searches that were allowed are used up', isFinal: true });
  expect(server!.calls).toHaveLength(2);
});

test('searches at the same time take turns: no two within the agreed time', async () => {
  server = await openSearchServer(() => good);
  const turns: number[] = [];
  let now = 0;
  const clock: Clock = {
    now: () => now,
    // each sleeper wakes at its own time, whoever else sleeps
    async sleep(ms) {
      turns.push(now + ms);
    },
  };
  const api = openSearchApi({ baseUrl: server.url, readKey: async () => KEY, callsPerSecond: 4, clock });
  await Promise.all(Array.from({ length: 9 }, (_, i) => api.search(`q${i}`, AMAZON, async () => true)));
  expect(turns.sort((a, b) => a - b)).toEqual([250, 500, 750, 1000, 1250, 1500, 1750, 2000]);
  now = 60_000;
  await api.search('later', AMAZON, async () => true);
  expect(turns).toHaveLength(8);
});
