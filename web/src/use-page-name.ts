import { useSyncExternalStore } from 'react';

export const PAGES = ['overview', 'data'] as const;
export type PageName = (typeof PAGES)[number];

/** The page that the address names behind its `#`, so that reloading and going back keep to it. */
export function usePageName(): PageName {
  const name = useSyncExternalStore(listen, () => location.hash.slice(1));
  return PAGES.find((page) => page === name) ?? 'overview';
}

function listen(onChange: () => void): () => void {
  window.addEventListener('hashchange', onChange);
  return () => window.removeEventListener('hashchange', onChange);
}
