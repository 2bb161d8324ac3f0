import { useSyncExternalStore } from 'react';

export const PAGES = ['overview', 'data'] as const;
export type PageName = (typeof PAGES)[number];

/** A page, and what it is asked to show at once. */
export interface Place {
  readonly page: PageName;
  readonly asked: URLSearchParams;
}

/** The place that the address names behind its `#`, so that reloading and going back keep to it. */
export function usePlace(): Place {
  const text = useSyncExternalStore(listen, () => location.hash.slice(1));
  const [name, asked] = text.split('?');
  return { page: PAGES.find((page) => page === name) ?? 'overview', asked: new URLSearchParams(asked) };
}

/** Where the stock of a product at a location is asked for. */
export const stockAddress = (productId: string, locationId: string): string =>
  `#data?${new URLSearchParams({ product: productId, location: locationId })}`;

function listen(onChange: () => void): () => void {
  window.addEventListener('hashchange', onChange);
  return () => window.removeEventListener('hashchange', onChange);
}
