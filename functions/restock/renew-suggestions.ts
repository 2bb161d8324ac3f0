import type { SeriesKey } from '../../shared/data/forecasts/series-store.ts';
import type { Statements } from '../../shared/data/sql/database.ts';
import {
  type Need,
  needName,
  type StandingSuggestion,
  saveSuggestions,
  withdrawSuggestions,
} from '../../shared/data/suggestions/suggestion-store.ts';
import type { ReadDeadStock } from '../../shared/data/waste/dead-stock-store.ts';
import { type Changes, decideChanges } from './decide-changes.ts';
import type { ProductInput } from './judge-product.ts';
import { judgeWithDead } from './judge-with-dead.ts';

/** Products whose suggestions are written together, while the next of them are judged; many, as what is dead is asked of all at once. */
const PRODUCTS_AT_ONCE = 250;

/**
 * Makes the suggestions of these products what is needed now; `standing` are all that there are of their series, and of
 * series that are not planned any more. Answers for which series something changed. Judging takes this processor, writing
 * that of the database: one goes on while the other does.
 */
export async function renewSuggestions(
  tx: Statements,
  runId: string,
  products: readonly ProductInput[],
  standing: ReadonlyMap<string, StandingSuggestion>,
  readDead: ReadDeadStock,
): Promise<SeriesKey[]> {
  const changed: SeriesKey[] = [];
  const left = new Map(standing);
  let writing = Promise.resolve();
  const write = async (changes: Changes): Promise<void> => {
    await writing;
    changed.push(...changes.save.map(({ need }) => need), ...changes.withdraw);
    writing = writeChanges(tx, runId, changes);
    // who waits for it hears of it
    writing.catch(() => undefined);
  };
  try {
    for (let at = 0; at < products.length; at += PRODUCTS_AT_ONCE) {
      const some = products.slice(at, at + PRODUCTS_AT_ONCE);
      const needs = await needsOf(some, readDead);
      await write(decideChanges(needs, takeStanding(left, some)));
    }
    await write(decideChanges(new Map(), left));
  } finally {
    // a transaction ends after its last statement, also where it fails
    await writing;
  }
  return changed;
}

/** What the products need, by `needName`. */
async function needsOf(
  products: readonly ProductInput[],
  readDead: ReadDeadStock,
): Promise<Map<string, Need>> {
  const needs = new Map<string, Need>();
  for (const verdicts of await judgeWithDead(products, readDead))
    for (const { need, transfers } of verdicts.values())
      for (const one of need ? [...transfers, need] : transfers) needs.set(needName(one), one);
  return needs;
}

/** Takes out what stands of these products. */
function takeStanding(
  standing: Map<string, StandingSuggestion>,
  products: readonly ProductInput[],
): Map<string, StandingSuggestion> {
  const ids = new Set(products.map(({ series }) => series[0]?.series.productId));
  const taken = new Map([...standing].filter(([, { productId }]) => ids.has(productId)));
  for (const name of taken.keys()) standing.delete(name);
  return taken;
}

async function writeChanges(tx: Statements, runId: string, { save, withdraw }: Changes): Promise<void> {
  await withdrawSuggestions(
    tx,
    withdraw.map(({ suggestionId }) => suggestionId),
  );
  await saveSuggestions(tx, runId, save);
}
