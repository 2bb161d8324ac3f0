import type { Country, Engine } from '../../shared/contracts/api/sourcing.ts';
import type { Money } from '../../shared/contracts/csv/cells.ts';

/** Something for sale, as a search found it. */
export interface Offer {
  /** Its identity in its market. */
  readonly sourceId: string;
  readonly title: string;
  readonly price: Money | null;
  readonly brand: string | null;
  readonly rating: number | null;
  readonly reviews: number | null;
  readonly isSponsored: boolean;
}

export interface Market {
  readonly engine: Engine;
  readonly country: Country;
  /** 1 for the first. */
  readonly page: number;
}

/** Why there is no answer; `isFinal` when the next question would get none either. */
export interface SearchFailure {
  readonly reason: string;
  readonly isFinal: boolean;
}

/** What a search found; nothing at all is an answer as well. */
export interface SearchAnswer {
  readonly offers: readonly Offer[];
  /** What could not be read, in words. */
  readonly unreadable: readonly string[];
}

export type SearchResult = SearchAnswer | { readonly failure: SearchFailure };

/** Where products come from. A search that fails says why, it does not throw. */
export interface ProductSource {
  /** `mayAsk` is asked before each call that is counted; where it says no, the search fails. */
  search(query: string, market: Market, mayAsk: () => Promise<boolean>): Promise<SearchResult>;
}
