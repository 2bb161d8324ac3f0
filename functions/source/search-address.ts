import type { Country } from '../../shared/contracts/api/sourcing.ts';
import type { Market } from './product-source.ts';

/** Ends of the domains of shops by country. */
const DOMAIN_END: Readonly<Record<Country, string>> = {
  US: 'com',
  GB: 'co.uk',
  CA: 'ca',
  AU: 'com.au',
  DE: 'de',
  FR: 'fr',
  IT: 'it',
  ES: 'es',
  IN: 'in',
};
/** Results on a page of Google Shopping, which counts results instead of pages. */
const SHOPPING_PAGE = 60;

/** Address of one search, with the parameters that its engine takes, without the key. */
export function searchAddress(base: string, query: string, { engine, country, page }: Market): URL {
  const url = new URL('/search.json', base);
  const set = (parameters: Readonly<Record<string, string>>) => {
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  };
  set({ engine });
  const end = DOMAIN_END[country];
  if (engine === 'amazon') set({ k: query, amazon_domain: `amazon.${end}`, page: String(page) });
  if (engine === 'walmart') set({ query, page: String(page) });
  if (engine === 'ebay') set({ _nkw: query, ebay_domain: `ebay.${end}`, _pgn: String(page) });
  if (engine === 'google_shopping') {
    set({ q: query, gl: country === 'GB' ? 'uk' : country.toLowerCase(), hl: 'en' });
    if (page > 1) set({ start: String((page - 1) * SHOPPING_PAGE) });
  }
  return url;
}
