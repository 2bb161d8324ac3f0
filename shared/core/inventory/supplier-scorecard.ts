/** What a supplier did with one line of an order. Days are whole numbers counted from any one day. */
export interface SuppliedLine {
  readonly orderedDay: number;
  /** The first day that was promised, else the day that was expected when it was ordered; undefined where nobody said. */
  readonly promisedDay: number | undefined;
  readonly ordered: number;
  /** What came, when. */
  readonly receipts: readonly { readonly day: number; readonly quantity: number; readonly damaged: number }[];
  /** Whether more of it may still come. */
  readonly isOpen: boolean;
  /** Days that the terms of supply say a delivery takes; undefined without terms. */
  readonly quotedDays: number | undefined;
  /** A unit when it was ordered, and as it was charged in the end: as plain numbers of one currency. */
  readonly orderedCost: number;
  readonly chargedCost: number;
}

/** How well a supplier supplied. Rates are fractions; null where nothing tells. */
export interface Scorecard {
  /** Lines that are judged: everything of them came, or nothing more will, or their day is over. */
  readonly lines: number;
  /** Lines that were there in full, undamaged, by their promised day. */
  readonly otif: number | null;
  readonly onTime: number | null;
  readonly inFull: number | null;
  /** Good units that came / units ordered. */
  readonly fillRate: number | null;
  /** Damaged units / units that came. */
  readonly damageRate: number | null;
  /** Days from the order to the units that came, each unit counted. */
  readonly leadTimeMean: number | null;
  readonly leadTimeDeviation: number | null;
  /** Deviation / mean. */
  readonly leadTimeVariation: number | null;
  /** Mean of days taken - days quoted: above zero where they take longer than they say. */
  readonly leadTimeBias: number | null;
  /** Mean days after the promised one, early ones counted as negative. */
  readonly lateness: number | null;
  /** (charged - ordered) / ordered, over the value of what came. */
  readonly priceVariance: number | null;
}

/**
 * Judges a supplier by what came of its orders, as of a day. A line counts once it is over: all of it came, its order
 * ended, or its promised day has passed; so that one who never delivers does not look better than one who delivers late.
 * A line without a promised day counts for fill, price and lead time, not for punctuality.
 * Lead-time moments are over units with the divisor n, so that a part delivery weighs what it brought.
 */
export function scoreSupplier(lines: readonly SuppliedLine[], today: number): Scorecard {
  const judged = lines.filter((line) => isOver(line, today));
  const promised = judged.filter((line) => line.promisedDay !== undefined);
  const count = (of: readonly SuppliedLine[], is: (line: SuppliedLine) => boolean) =>
    of.length === 0 ? null : of.filter(is).length / of.length;
  const sum = (of: readonly SuppliedLine[], value: (line: SuppliedLine) => number) =>
    of.reduce((total, line) => total + value(line), 0);
  const ordered = sum(judged, (line) => line.ordered);
  const came = sum(lines, cameOf);
  const days = lines.flatMap((line) =>
    line.receipts.map(({ day, quantity }) => ({ days: day - line.orderedDay, quantity })),
  );
  const mean = weightedMean(days.map((one) => [one.days, one.quantity]));
  const variance =
    mean === null ? null : weightedMean(days.map((one) => [(one.days - mean) ** 2, one.quantity]))!;
  const deviation = variance === null ? null : Math.sqrt(variance);
  const atOrderedCost = sum(lines, (line) => cameOf(line) * line.orderedCost);
  return {
    lines: judged.length,
    otif: count(promised, (line) => isOnTimeInFull(line)),
    onTime: count(promised, isOnTime),
    inFull: count(judged, (line) => goodBy(line, Number.POSITIVE_INFINITY) >= line.ordered),
    fillRate: ordered === 0 ? null : sum(judged, (line) => Math.min(line.ordered, goodOf(line))) / ordered,
    damageRate:
      came === 0 ? null : sum(lines, (line) => line.receipts.reduce((n, one) => n + one.damaged, 0)) / came,
    leadTimeMean: mean,
    leadTimeDeviation: deviation,
    leadTimeVariation: mean === null || deviation === null || mean <= 0 ? null : deviation / mean,
    leadTimeBias: weightedMean(
      lines.flatMap((line) =>
        line.quotedDays === undefined
          ? []
          : line.receipts.map(({ day, quantity }): [number, number] => [
              day - line.orderedDay - line.quotedDays!,
              quantity,
            ]),
      ),
    ),
    lateness: weightedMean(
      lines.flatMap((line) =>
        line.promisedDay === undefined
          ? []
          : line.receipts.map(({ day, quantity }): [number, number] => [day - line.promisedDay!, quantity]),
      ),
    ),
    priceVariance:
      atOrderedCost === 0
        ? null
        : sum(lines, (line) => cameOf(line) * (line.chargedCost - line.orderedCost)) / atOrderedCost,
  };
}

const cameOf = (line: SuppliedLine): number => line.receipts.reduce((sum, one) => sum + one.quantity, 0);
const goodBy = (line: SuppliedLine, lastDay: number): number =>
  line.receipts.reduce((sum, one) => sum + (one.day <= lastDay ? one.quantity - one.damaged : 0), 0);
const goodOf = (line: SuppliedLine): number => goodBy(line, Number.POSITIVE_INFINITY);
const isOver = (line: SuppliedLine, today: number): boolean =>
  !line.isOpen ||
  cameOf(line) >= line.ordered ||
  (line.promisedDay !== undefined && line.promisedDay < today);
const isOnTimeInFull = (line: SuppliedLine): boolean => goodBy(line, line.promisedDay!) >= line.ordered;
/** Something came, and nothing of it after the promised day. */
const isOnTime = (line: SuppliedLine): boolean =>
  line.receipts.length > 0 && line.receipts.every((one) => one.day <= line.promisedDay!);

function weightedMean(pairs: readonly (readonly [value: number, weight: number])[]): number | null {
  const weight = pairs.reduce((sum, pair) => sum + pair[1], 0);
  return weight === 0 ? null : pairs.reduce((sum, pair) => sum + pair[0] * pair[1], 0) / weight;
}
