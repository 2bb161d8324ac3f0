import type { Country, Engine } from '../../shared/contracts/api/sourcing.ts';
import { cleanName } from '../../shared/core/sourcing/clean-name.ts';
import type { Offer, ProductSource, SearchFailure } from './product-source.ts';

/** Pages of results of one category. */
const MOST_PAGES = 3;

export interface Wanted {
  readonly engine: Engine;
  readonly country: Country;
  readonly category: string;
  readonly count: number;
}

export interface UsableOffer extends Offer {
  readonly name: string;
  readonly price: number;
}

/** What the pages of one category held. */
export interface Finds {
  /** In the order of the market, each once: more than were wanted where pages are long. */
  readonly usable: readonly UsableOffer[];
  readonly results: number;
  readonly sponsored: number;
  readonly unusable: number;
  /** The first result that could not be read. */
  readonly unreadable: string | undefined;
  /** Why the search ended early. What was found until then counts. */
  readonly failure: SearchFailure | undefined;
}

/**
 * Looks for products of a category, page after page until there are enough that are new: sponsored ones are left out
 * by their mark, and so are those without a name or a price, and repetitions.
 */
export async function findOffers(
  source: ProductSource,
  { engine, country, category, count }: Wanted,
  readKnown: (sourceIds: readonly string[]) => Promise<ReadonlySet<string>>,
  mayAsk: () => Promise<boolean>,
): Promise<Finds> {
  const usable = new Map<string, UsableOffer>();
  let results = 0;
  let sponsored = 0;
  let unusable = 0;
  let unreadable: string | undefined;
  let failure: SearchFailure | undefined;
  let fresh = 0;
  for (let page = 1; page <= MOST_PAGES && fresh < count; page++) {
    const answer = await source.search(category, { engine, country, page }, mayAsk);
    if ('failure' in answer) {
      failure = answer.failure;
      break;
    }
    results += answer.offers.length + answer.unreadable.length;
    unusable += answer.unreadable.length;
    unreadable ??= answer.unreadable[0];
    if (answer.offers.length === 0) break;
    const found: string[] = [];
    for (const offer of answer.offers) {
      const name = cleanName(offer.title);
      if (offer.isSponsored) sponsored++;
      else if (name === undefined || offer.price === null || usable.has(offer.sourceId)) unusable++;
      else {
        usable.set(offer.sourceId, { ...offer, name, price: offer.price });
        found.push(offer.sourceId);
      }
    }
    const known = await readKnown(found);
    fresh += found.length - known.size;
  }
  return { usable: [...usable.values()], results, sponsored, unusable, unreadable, failure };
}
