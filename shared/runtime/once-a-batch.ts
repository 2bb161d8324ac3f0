import type { Batch } from './queue-handler.ts';

/**
 * Does what the messages of a batch have in common once: at the first that asks for it, so that nothing read is older
 * than the batch. The others get the same answer, or the same failure.
 */
export function onceABatch<N, W extends string, T>(read: (needs: N, what: W, batch: Batch) => Promise<T>) {
  const kept = new WeakMap<Batch, Map<string, Promise<T>>>();
  return (needs: N, what: W, batch: Batch): Promise<T> => {
    const known = kept.get(batch) ?? new Map<string, Promise<T>>();
    kept.set(batch, known);
    const found = known.get(what) ?? read(needs, what, batch);
    known.set(what, found);
    return found;
  };
}
