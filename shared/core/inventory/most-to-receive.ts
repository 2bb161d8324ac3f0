/**
 * Units that may come for a line of a purchase order without anybody being asked: what was ordered and the share of it
 * that is tolerated, in whole units.
 *   floor(ordered (1 + tolerance / 100));   10 ordered, 15 % tolerated: 11
 */
export function mostToReceive(ordered: number, tolerancePercent: number): number {
  if (!(ordered >= 0 && tolerancePercent >= 0)) throw new RangeError(`${ordered} + ${tolerancePercent} %`);
  // In hundredths of a percent, so that 10 % of 10 is 1 and not a hair less.
  return ordered + Math.floor((ordered * Math.round(tolerancePercent * 100)) / 10_000);
}
