/** What moved of one product at one location on a day, or a part of that. */
export interface Moved {
  /** Days since the first of the period. */
  readonly day: number;
  readonly units: number;
  /** An opening, a receipt, a transfer or a count told how much there is. */
  readonly isLearnt: boolean;
  /** It did so by bringing goods. */
  readonly isSupplied: boolean;
}

/** What the stock of a position was in a period of days. */
export interface PositionDays {
  /** Sum of closing stock over the days. */
  readonly unitDays: number;
  readonly closing: number;
  /** First day that counts, since the first of the period; null while nobody knows how much there is. */
  readonly knownFrom: number | null;
  /** Days from then on; those that ended without stock, and of these all but the days on which the last unit went. */
  readonly itemDays: number;
  readonly daysOut: number;
  readonly wholeDaysOut: number;
  /** Days on which goods came to what was known, and those before which there was no stock. */
  readonly cycles: number;
  readonly shortCycles: number;
}

/**
 * Folds a position from its level before the period, and whether that was known, by what moved, in any order; what
 * moved after the period does not count. */
export function foldPosition(
  { opening, isKnown }: { readonly opening: number; readonly isKnown: boolean },
  moved: readonly Moved[],
  days: number,
): PositionDays {
  const sorted = moved.filter(({ day }) => day < days).sort((a, b) => a.day - b.day);
  let level = opening;
  let knownFrom = isKnown ? 0 : null;
  let unitDays = 0;
  let daysOut = 0;
  let wholeDaysOut = 0;
  let cycles = 0;
  let shortCycles = 0;
  /** Days on which the level stays; on the first of them it came to that, unless it was so before the period. */
  const stay = (span: number, began: number) => {
    unitDays += level * span;
    if (level > 0 || knownFrom === null) return;
    daysOut += span;
    wholeDaysOut += Math.max(0, span - began);
  };
  stay(sorted[0]?.day ?? days, 0);
  for (let i = 0; i < sorted.length; ) {
    const { day } = sorted[i]!;
    const [levelBefore, wasKnown] = [level, knownFrom !== null];
    let isSupplied = false;
    for (; sorted[i]?.day === day; i++) {
      level += sorted[i]!.units;
      isSupplied ||= sorted[i]!.isSupplied;
      if (sorted[i]!.isLearnt) knownFrom ??= day;
    }
    if (isSupplied && wasKnown) {
      cycles += 1;
      if (levelBefore <= 0) shortCycles += 1;
    }
    stay((sorted[i]?.day ?? days) - day, 1);
  }
  const itemDays = knownFrom === null ? 0 : days - knownFrom;
  return { unitDays, closing: level, knownFrom, itemDays, daysOut, wholeDaysOut, cycles, shortCycles };
}
