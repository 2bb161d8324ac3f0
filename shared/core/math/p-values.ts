import { incompleteBeta } from './incomplete-beta.ts';
import { incompleteGamma } from './incomplete-gamma.ts';

/** P(X > x) of chi-square: 5 % at 3.841459 with 1 degree of freedom. */
export function chiSquareTail(x: number, degrees: number): number {
  return x <= 0 ? 1 : incompleteGamma(degrees / 2, x / 2).upper;
}

/** P(|T| > |t|) of Student's t: 5 % at 2.228139 with 10 degrees of freedom. */
export function studentTails(t: number, degrees: number): number {
  return incompleteBeta(degrees / 2, 0.5, degrees / (degrees + t * t)).lower;
}

/** P(F > f) of Fisher's F: 5 % at 4.102821 with 2 and 10 degrees of freedom. */
export function fisherTail(f: number, above: number, below: number): number {
  return f <= 0 ? 1 : incompleteBeta(below / 2, above / 2, below / (below + above * f)).lower;
}
