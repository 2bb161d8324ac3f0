/** Somebody who wants units of which there are not enough. */
export interface Claim {
  /** Most whole units that are given. */
  readonly need: number;
  /** Units there and coming already. */
  readonly position: number;
  /** Units a day; what `days-of-cover` divides by. */
  readonly dailyDemand: number;
  /** Equally likely demands until the next supply, ascending; what `stockout-probability` looks at. */
  readonly demand?: Float64Array;
}

export type FairShareRule = 'days-of-cover' | 'stockout-probability';

/**
 * Whole units for each claim out of what is available: as equal as can be in days of cover, or in the probability of a
 * stockout, among those who get any; who sells nothing comes last. Nobody gets more than the need; the shares sum to min(available, all needs).
 *   90 units, positions 0 and 30, both sell 10 a day: 60 and 30, six days each
 */
export function shareShortage(
  available: number,
  claims: readonly Claim[],
  rule: FairShareRule = 'days-of-cover',
): number[] {
  if (!(Number.isSafeInteger(available) && available >= 0))
    throw new RangeError(`${available} is no number of units`);
  for (const claim of claims) assertClaim(claim);
  let all = 0;
  for (const claim of claims) all += claim.need;
  if (available >= all) return claims.map((claim) => claim.need);
  const targetOf = rule === 'days-of-cover' ? coverTarget : quantileTarget;
  const sharesAt = (level: number): number[] =>
    claims.map((claim) => clampShare(targetOf(claim, level) - claim.position, claim.need));
  const sumOf = (shares: readonly number[]): number => shares.reduce((sum, share) => sum + share, 0);
  let low = 0;
  let high = 1;
  for (let i = 0; i < 60 && high - low > 1e-12; i++) {
    const middle = (low + high) / 2;
    if (sumOf(sharesAt(middle)) <= available) low = middle;
    else high = middle;
  }
  const shares = sumOf(sharesAt(low)) <= available ? sharesAt(low) : claims.map(() => 0);
  let left = available - sumOf(shares);
  // What is left are jumps at one level: those who are worst off come first, as long as they are.
  const urgency = (index: number): number => urgencyOf(claims[index]!, shares[index]!, rule);
  while (left > 0) {
    const open = shares.map((_, index) => index).filter((index) => shares[index]! < claims[index]!.need);
    open.sort((a, b) => urgency(b) - urgency(a) || a - b);
    const worst = urgency(open[0]!);
    const equals = open.filter((index) => urgency(index) >= worst - 1e-12);
    const each = Math.max(1, Math.floor(left / equals.length));
    for (const index of equals) {
      const same = unitsWithoutChange(claims[index]!, shares[index]!, rule);
      const units = Math.min(each, same, left, claims[index]!.need - shares[index]!);
      shares[index]! += units;
      left -= units;
    }
  }
  return shares;
}

/** The position that `level` in 0..1 stands for: days of cover from minus to plus infinity. */
function coverTarget({ dailyDemand }: Claim, level: number): number {
  if (!(dailyDemand > 0)) return Number.NEGATIVE_INFINITY;
  return dailyDemand * ((2 * level - 1) / (level * (1 - level)));
}

/** The position that demand stays within with probability `level`. */
function quantileTarget({ demand = NOTHING }: Claim, level: number): number {
  const n = demand.length;
  if (n === 0) return 0;
  const at = Math.ceil(n * level - 1e-9) - 1;
  return at < 0 ? 0 : demand[Math.min(at, n - 1)]!;
}

const NOTHING = new Float64Array(0);

function clampShare(units: number, need: number): number {
  return Math.max(0, Math.min(need, Math.ceil(units - 1e-9)));
}

function urgencyOf(
  { position, dailyDemand, demand = NOTHING }: Claim,
  given: number,
  rule: FairShareRule,
): number {
  const stock = position + given;
  if (rule === 'days-of-cover') return dailyDemand > 0 ? -stock / dailyDemand : Number.NEGATIVE_INFINITY;
  if (demand.length === 0) return 0;
  let above = 0;
  for (let i = demand.length - 1; i >= 0 && demand[i]! > stock; i--) above++;
  return above / demand.length;
}

/** Units that may be given before the claim is less urgent than now. */
function unitsWithoutChange(
  { position, dailyDemand, demand = NOTHING }: Claim,
  given: number,
  rule: FairShareRule,
): number {
  if (rule === 'days-of-cover') return dailyDemand > 0 ? 1 : Number.POSITIVE_INFINITY;
  const stock = position + given;
  const next = demand.find((value) => value > stock);
  return next === undefined ? Number.POSITIVE_INFINITY : Math.max(1, Math.ceil(next - stock - 1e-9));
}

function assertClaim({ need, position, dailyDemand }: Claim): void {
  if (!(Number.isSafeInteger(need) && need >= 0))
    throw new RangeError(`a need of ${need} is no number of units`);
  if (!Number.isFinite(position) || !(dailyDemand >= 0))
    throw new RangeError('position and daily demand are numbers');
}
