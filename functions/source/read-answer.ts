import { hash } from 'node:crypto';
import * as z from 'zod';
import type { Country, Engine } from '../../shared/contracts/api/sourcing.ts';
import { DEFAULT_STYLE, inStyle } from '../../shared/contracts/csv/cell-style.ts';
import { type Money, money } from '../../shared/contracts/csv/cells.ts';
import { readNumber } from '../../shared/contracts/csv/number-text.ts';
import { cutText } from '../../shared/contracts/cut-text.ts';
import type { Offer, SearchResult } from './product-source.ts';

/** Results of one answer that are looked at; pages have up to 100. */
const MOST_RESULTS = 200;
const MOST_TITLE = 500;

const Answer = z.object({
  search_metadata: z.object({ status: z.string().optional() }).optional(),
  error: z.string().optional(),
  organic_results: z.array(z.unknown()).optional(),
  shopping_results: z.array(z.unknown()).optional(),
});

/** A number, or text that is one. */
const Figure = z
  .union([z.number(), z.string()])
  .nullish()
  .transform((value) => {
    const number = typeof value === 'string' ? readNumber(value, DEFAULT_STYLE) : value;
    return number === undefined || number === null || !Number.isFinite(number) ? null : number;
  });
const Amount = z.union([z.number(), z.string()]).nullish();
const Id = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((value) => (value === null || value === undefined || value === '' ? null : String(value)));
const Title = z.string().trim().min(1);
const Marked = z
  .union([z.boolean(), z.string()])
  .nullish()
  .transform((value) => value !== undefined && value !== null && value !== false && value !== '');

/** What all engines tell in the same way. */
const common = { title: Title, rating: Figure, reviews: Figure, sponsored: Marked };
const Range = z.object({ raw: Amount, extracted: Amount });

/** One result of each engine, as an offer whose price is still written as it came, the better readable first. */
const RESULT = {
  amazon: z
    .object({
      ...common,
      asin: Id,
      extracted_price: Amount,
      price: Amount,
      specs: z.looseObject({ brand: z.string().nullish() }).nullish(),
    })
    .transform((one) => ({
      ...one,
      id: one.asin,
      brand: one.specs?.brand ?? null,
      prices: [one.extracted_price, one.price],
    })),
  google_shopping: z
    .object({ ...common, product_id: Id, extracted_price: Amount, price: Amount })
    .transform((one) => ({
      ...one,
      id: one.product_id,
      brand: null,
      prices: [one.extracted_price, one.price],
    })),
  walmart: z
    .object({
      ...common,
      us_item_id: Id,
      product_id: Id,
      primary_offer: z.object({ offer_price: Amount, min_price: Amount }).nullish(),
    })
    .transform((one) => ({
      ...one,
      id: one.us_item_id ?? one.product_id,
      brand: null,
      prices: [one.primary_offer?.offer_price, one.primary_offer?.min_price],
    })),
  ebay: z
    .object({
      ...common,
      product_id: Id,
      link: z.string().nullish(),
      // of a range, what it begins with
      price: z.union([Range.extend({ from: Range.optional() }), z.string(), z.number()]).nullish(),
    })
    .transform(({ price, ...one }) => ({
      ...one,
      id: /\/itm\/(?:[^/?]*\/)?(\d+)/.exec(one.link ?? '')?.[1] ?? one.product_id,
      brand: null,
      prices:
        typeof price === 'object' && price !== null
          ? [price.extracted, price.from?.extracted, price.raw, price.from?.raw]
          : [price],
    })),
} as const satisfies Record<Engine, z.ZodType>;

/** Countries that write a comma before cents. */
const COMMA: readonly Country[] = ['DE', 'FR', 'IT', 'ES'];

/**
 * The offers in an answer of the search API. Fields that nobody asked for are let pass; a result that does not fit is
 * told of by its place, and costs the others nothing. That nothing was found is an answer without offers.
 */
export function readAnswer(engine: Engine, country: Country, body: unknown): SearchResult {
  const parsed = Answer.safeParse(body);
  if (!parsed.success) return failed(`The answer cannot be read: ${faultOf(parsed.error)}`);
  const { search_metadata: metadata, error } = parsed.data;
  const results = engine === 'google_shopping' ? parsed.data.shopping_results : parsed.data.organic_results;
  if (results === undefined) {
    const isEmpty = metadata?.status === 'Success' || /returned any results/i.test(error ?? '');
    if (isEmpty) return { offers: [], unreadable: [] };
    return failed(
      error === undefined
        ? `The answer has no results and does not say why (${metadata?.status ?? 'no status'})`
        : `The search failed: ${sentence(error)}`,
    );
  }
  const offers: Offer[] = [];
  const unreadable: string[] = [];
  for (const [i, result] of results.slice(0, MOST_RESULTS).entries()) {
    const read = RESULT[engine].safeParse(result);
    if (read.success) offers.push(offerOf(read.data, country));
    else unreadable.push(`result ${i + 1}: ${faultOf(read.error)}`);
  }
  if (offers.length === 0 && unreadable.length > 0) return failed(`No result can be read: ${unreadable[0]}`);
  return { offers, unreadable };
}

interface Result {
  readonly id: string | null;
  readonly title: string;
  readonly brand: string | null;
  readonly rating: number | null;
  readonly reviews: number | null;
  readonly sponsored: boolean;
  readonly prices: readonly (string | number | null | undefined)[];
}

function offerOf({ id, title, brand, rating, reviews, sponsored, prices }: Result, country: Country): Offer {
  return {
    sourceId: idOf(id) ?? `title:${lettersOf(title.toLowerCase())}`,
    title: cutText(title, MOST_TITLE),
    price: prices.map((price) => priceOf(price, country)).find((price) => price !== undefined) ?? null,
    brand: cutText(brand?.trim() ?? '', 100).trimEnd() || null,
    rating: rating !== null && rating > 0 && rating <= 5 ? rating : null,
    reviews: reviews !== null && reviews >= 0 && reviews < 1e9 ? Math.round(reviews) : null,
    isSponsored: sponsored,
  };
}

const MOST_ID = 100;
/** An id as it came, if it fits; letters that stand for a longer one, so that no two become one. */
const idOf = (id: string | null): string | null =>
  id === null || (id.length <= MOST_ID && id.isWellFormed()) ? id : `long:${lettersOf(id)}`;
const lettersOf = (text: string): string => hash('sha256', text, 'base64url').slice(0, 22);

/** Numbers are what the search API has read already; text is read as the country writes money. */
function priceOf(price: string | number | null | undefined, country: Country): Money | undefined {
  if (price === null || price === undefined) return undefined;
  const decimal = typeof price === 'string' && COMMA.includes(country) ? ',' : '.';
  const read = inStyle({ ...DEFAULT_STYLE, decimal }, () => money.safeParse(String(price)));
  return read.success && read.data > 0 ? read.data : undefined;
}

const failed = (reason: string): SearchResult => ({ failure: { reason, isFinal: false } });

/** The first thing wrong: where, and what. */
function faultOf({ issues }: z.ZodError): string {
  const [issue] = issues;
  const where = issue!.path.map(String).join('.');
  return where === '' ? issue!.message : `${where}: ${issue!.message}`;
}

/** What somebody else says, short and in one line. */
export const sentence = (text: string): string => cutText(text.replace(/\s+/g, ' ').trim(), 200);
