/**
 * Invented answers with the fields, types and traps of real ones: sponsored results first, prices missing or as text
 * only, fields that nobody asked for, results that are broken.
 */

export interface Thing {
  readonly id: string;
  readonly title?: string;
  readonly price?: number | undefined;
  readonly priceText?: string;
  readonly rating?: number;
  readonly reviews?: number;
  readonly sponsored?: boolean;
}

const metadata = {
  id: '66aa00',
  status: 'Success',
  created_at: '2025-07-21 05:02:08 UTC',
  total_time_taken: 2.41,
};

export const amazonResult = (
  { id, title = `Acme ${id} Drill | 20V`, price, priceText, rating, reviews, sponsored }: Thing,
  i = 0,
) => ({
  position: i + 1,
  asin: id,
  ...(sponsored && { sponsored: true }),
  title,
  link_clean: `https://www.amazon.com/dp/${id}/`,
  thumbnail: 'https://m.media-amazon.com/images/I/x.jpg',
  ...(rating !== undefined && { rating }),
  ...(reviews !== undefined && { reviews }),
  bought_last_month: '2K+ bought in past month',
  ...(price !== undefined && { price: `$${price}`, extracted_price: price, old_price: '$999.00' }),
  ...(priceText !== undefined && { price: priceText }),
  specs: { color: 'Purple', brand: 'Acme' },
  delivery: ['FREE delivery Wed, Jul 23'],
});

export const amazonAnswer = (things: readonly Thing[]) => ({
  search_metadata: metadata,
  search_parameters: { engine: 'amazon', amazon_domain: 'amazon.com', device: 'desktop' },
  search_information: { organic_results_state: 'Results for exact spelling', total_results: 50_000 },
  organic_results: things.map(amazonResult),
  related_searches: [{ query: 'drill bits' }],
});

export const shoppingAnswer = (things: readonly Thing[]) => ({
  search_metadata: metadata,
  shopping_results: things.map(({ id, title = `Acme ${id} Lamp`, price, priceText, rating, reviews }, i) => ({
    position: i + 1,
    title,
    product_id: id,
    immersive_product_page_token: 'token',
    source: 'shop.example',
    multiple_sources: true,
    ...(price !== undefined && { price: `₹${price.toLocaleString('en-IN')}`, extracted_price: price }),
    ...(priceText !== undefined && { price: priceText }),
    ...(rating !== undefined && { rating, reviews }),
    delivery: 'Free delivery',
  })),
});

export const walmartAnswer = (things: readonly Thing[]) => ({
  search_metadata: metadata,
  organic_results: things.map(
    ({ id, title = `Acme ${id} Mug`, price, rating = 0, reviews = 0, sponsored = false }) => ({
      us_item_id: id,
      product_id: `P${id}`,
      title,
      rating,
      reviews,
      seller_name: 'Shop.example',
      out_of_stock: false,
      sponsored,
      primary_offer:
        price === undefined
          ? { offer_id: 'x', min_price: 7.72 }
          : { offer_id: 'x', offer_price: price, min_price: 0 },
      price_per_unit: { unit: 'each', amount: '35.1 ¢/oz' },
    }),
  ),
});

export const ebayAnswer = (things: readonly Thing[]) => ({
  search_metadata: metadata,
  organic_results: things.map(
    ({ id, title = `Acme ${id} Coat`, price, priceText, rating, reviews, sponsored }) => ({
      title,
      link: `https://www.ebay.com/itm/${id}?hash=item1&amp;x=1`,
      condition: 'Brand New',
      ...(sponsored && { sponsored: true }),
      price:
        priceText !== undefined
          ? { from: { raw: priceText, extracted: price }, to: { raw: '$99.00', extracted: 99 } }
          : { raw: `$${price}`, extracted: price },
      shipping: 'Free shipping',
      ...(rating !== undefined && { rating, reviews }),
    }),
  ),
});

/** Found nothing, as the search API says it: a success with an error. */
export const emptyAnswer = {
  search_metadata: metadata,
  search_information: { organic_results_state: 'Fully empty' },
  error: "The search hasn't returned any results for this query.",
};

/** So many priced things, the first `sponsored` of them sponsored. */
export const things = (prefix: string, count: number, sponsored = 0): Thing[] =>
  Array.from({ length: count }, (_, i) => ({
    id: `${prefix}${i}`,
    title: `Acme ${prefix}${i} Thing, blue`,
    price: 10 + i,
    rating: 3 + (i % 5) * 0.4,
    reviews: 5 * (i + 1) ** 2,
    ...(i < sponsored && { sponsored: true }),
  }));
