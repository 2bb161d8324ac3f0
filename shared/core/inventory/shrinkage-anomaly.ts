/**
 * How far the units that an item lost are above what one would expect of it, in standard deviations of a count that
 * comes by chance (Poisson: the variance is the mean). Below one unit expected, one is taken, so that a single
 * missing piece is no anomaly.
 *   (lost - expected) / sqrt(max(expected, 1)),   expected = lost of all x sold of it / sold of all
 * 9 lost, 4 expected: 2.5
 */
export function shrinkageAnomaly(lost: number, expected: number): number {
  return (lost - expected) / Math.sqrt(Math.max(expected, 1));
}
