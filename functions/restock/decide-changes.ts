import { explained } from '../../shared/core/inventory/explain-need.ts';
import type { SeriesKey } from '../../shared/data/forecasts/series-store.ts';
import {
  type Need,
  type NeedToSave,
  needHash,
  type StandingSuggestion,
} from '../../shared/data/suggestions/suggestion-store.ts';

/** A need this much larger than the one that a person answered is another need. */
const GROWTH_THAT_RENEWS = 1.25;

export interface Changes {
  /** Needs whose suggestion is new, wakes, or differs from the open one. */
  readonly save: readonly NeedToSave[];
  /** Suggestions whose need went away. */
  readonly withdraw: readonly StandingSuggestion[];
}

/**
 * What must change so that the open suggestions are the needs, less those that were dismissed or snoozed, with the
 * quantities that people gave them. Both by `needName`.
 */
export function decideChanges(
  needs: ReadonlyMap<string, Need>,
  standing: ReadonlyMap<string, StandingSuggestion>,
): Changes {
  const save: NeedToSave[] = [];
  const withdraw: StandingSuggestion[] = [];
  for (const [name, old] of standing) if (!needs.has(name) && old.status !== 'ordered') withdraw.push(old);
  for (const [name, need] of needs) {
    const old = standing.get(name);
    const hash = needHash(need);
    if (!old) save.push({ need, hash });
    else if (old.status === 'open') {
      const edited = isEditBinding(need, old) ? old.quantity : undefined;
      const isSame = old.needHash === hash && old.quantity === (edited ?? need.quantity + old.topUp);
      if (!isSame) save.push({ need, hash, ...(edited !== undefined && { edited }) });
    } else if (!isStillAnswered(need, old)) {
      save.push({ need, hash, ...(old.status === 'snoozed' && { suggestionId: old.suggestionId }) });
    }
  }
  return { save, withdraw };
}

/**
 * Whether a dismissal or a snooze also answers this need. It does until its day, until the need has grown by more than a
 * quarter, or until it has gone away in between (then the answer was withdrawn with it). A snooze ends with the plan that
 * people act on that day, whose data ends the evening before. Whoever made less of a need and ordered that has answered
 * for the rest as well, as long as the edit would bind.
 */
export function isStillAnswered(need: Need, old: StandingSuggestion): boolean {
  if (old.status === 'ordered')
    return isBefore(need, old.editedUntil) && !hasGrown(wantedUnits(need) + old.quantity, old.editedNeed!);
  const [day, until] =
    old.status === 'snoozed' ? [need.actionDay, old.snoozedUntil] : [need.explanation.as_of, old.renewedOn];
  return until !== null && day < until && !hasGrown(need.quantity, old.needQuantity);
}

/** Whether the quantity that a person gave still holds: until its window ends or the need has grown by more than a quarter. */
function isEditBinding(need: Need, old: StandingSuggestion): boolean {
  return (
    old.editedNeed !== null &&
    need.supplierId === old.supplierId &&
    isBefore(need, old.editedUntil) &&
    !hasGrown(need.quantity, old.editedNeed)
  );
}

/**
 * Units that a person's answer makes of a need: none while it is dismissed, snoozed or ordered in part, another quantity
 * while that binds; undefined where nobody said anything that still holds.
 */
export function answeredUnits(need: Need, old: StandingSuggestion | undefined): number | undefined {
  if (!old) return undefined;
  if (old.status !== 'open') return isStillAnswered(need, old) ? 0 : undefined;
  return isEditBinding(need, old) ? old.quantity : undefined;
}

const isBefore = (need: Need, until: string | null): boolean =>
  until !== null && need.explanation.as_of < until;

/** What is wanted, without what the supplier's minimum and packs make of a small rest. */
function wantedUnits({ quantity, explanation: { numbers } }: Need): number {
  const of = (name: string): number => Number(explained(numbers, name) ?? 0);
  return Math.min(quantity, of('wanted') - of('fromElsewhere'));
}

const hasGrown = (now: number, before: number): boolean => now > before * GROWTH_THAT_RENEWS;

/** Names of series for which something stands. */
export const standingSeries = (standing: ReadonlyMap<string, StandingSuggestion>): Set<string> =>
  new Set([...standing.values()].map(({ productId, locationId }: SeriesKey) => `${productId}|${locationId}`));
