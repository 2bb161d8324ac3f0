import { type Normal, normalQuantile } from '../math/normal.ts';

export interface SafetyStockInput {
  readonly meanDaily: number;
  readonly deviationDaily: number;
  readonly leadTimeDays: number;
  readonly leadTimeDeviationDays: number;
  readonly reviewDays: number;
  readonly serviceLevel: number;
}

/**
 * Safety stock and order level under normal demand, for comparison with textbooks; the plan itself uses samples.
 *   sigma = sqrt((L + R) s^2 + d^2 s_L^2), stock = z sigma, level = d (L + R) + stock
 * Silver, Pyke & Thomas (2017), chapter 6: d 100, s 30, L 9, R 0 at 95 % gives 148.04 and 1048.04.
 */
export function normalSafetyStock(input: SafetyStockInput): {
  deviation: number;
  safetyStock: number;
  level: number;
} {
  const days = input.leadTimeDays + input.reviewDays;
  const deviation = Math.sqrt(
    days * input.deviationDaily ** 2 + (input.meanDaily * input.leadTimeDeviationDays) ** 2,
  );
  const safetyStock = normalQuantile(input.serviceLevel) * deviation;
  return { deviation, safetyStock, level: input.meanDaily * days + safetyStock };
}

/** Demand over lead time + review as a normal distribution, for the formulas that ask for one, such as `zForFillRate`. */
export function leadTimeNormal(input: Omit<SafetyStockInput, 'serviceLevel'>): Normal {
  const { deviation, level } = normalSafetyStock({ ...input, serviceLevel: 0.5 });
  return { mean: level, deviation };
}
