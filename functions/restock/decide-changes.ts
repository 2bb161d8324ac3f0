import { isDeepStrictEqual } from 'node:util';
import { type SeriesKey, seriesName } from '../../shared/data/series-store.ts';
import type { Need, StandingSuggestion } from '../../shared/data/suggestion-store.ts';

/** A need this much larger than the one that was dismissed is another need. */
const GROWTH_THAT_RENEWS = 1.25;

export interface Changes {
  /** Needs whose suggestion is new or differs from the open one. */
  readonly save: readonly Need[];
  /** Suggestions whose need went away. */
  readonly withdraw: readonly number[];
}

/** What must change so that the open suggestions are the needs, less those that were dismissed. */
export function decideChanges(
  keys: readonly SeriesKey[],
  needs: ReadonlyMap<string, Need>,
  standing: ReadonlyMap<string, StandingSuggestion>,
): Changes {
  const save: Need[] = [];
  const withdraw: number[] = [];
  for (const key of keys) {
    const need = needs.get(seriesName(key));
    const old = standing.get(seriesName(key));
    if (!need) {
      if (old) withdraw.push(old.suggestionId);
    } else if (!old || (old.status === 'open' ? differs(need, old) : !isStillDismissed(need, old))) {
      save.push(need);
    }
  }
  return { save, withdraw };
}

/**
 * Whether a dismissal also answers this need. It does until one protection interval has passed, the need has grown by
 * more than a quarter, or it has gone away in between (then the dismissal was withdrawn with it).
 */
export function isStillDismissed(need: Need, dismissed: StandingSuggestion): boolean {
  return (
    need.quantity <= dismissed.quantity * GROWTH_THAT_RENEWS &&
    need.explanation.as_of < dismissed.explanation.renewed_on
  );
}

/** Money compares by amount: the database writes `2.5` as `2.5000`. */
function differs(need: Need, old: StandingSuggestion): boolean {
  return (
    need.supplierId !== old.supplierId ||
    need.quantity !== old.quantity ||
    need.orderBy !== old.orderBy ||
    Number(need.unitCost) !== Number(old.unitCost) ||
    !isDeepStrictEqual(need.explanation, old.explanation)
  );
}
