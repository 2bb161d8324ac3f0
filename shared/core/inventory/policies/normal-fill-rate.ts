import { type Normal, normalCdf, normalLoss } from '../../math/normal.ts';
import { normalLossInverse } from './loss-functions.ts';

/** Orders of Q units; `lead` is the demand over the lead time (or protection interval). */
export interface FillRateInput {
  readonly quantity: number;
  readonly lead: Normal;
}

/** `simple` counts what the cycle before was short a second time; `exact` does not. They part when Q is small. */
export type FillRateForm = 'simple' | 'exact';

/**
 * Safety factor z under normal demand with backorders for a share beta of demand served from stock:
 *   simple  sigma G(z) = (1 - beta) Q;   exact  sigma (G(z) - G(z + Q / sigma)) = (1 - beta) Q
 * Silver, Pyke & Thomas (2017), section 6.7. Q 60, sigma 50, 95 %: 1.1671 and 1.1409. Reorder point: mean + z sigma.
 */
export function zForFillRate(
  fillRate: number,
  { quantity, lead }: FillRateInput,
  form: FillRateForm = 'exact',
): number {
  if (!(fillRate > 0 && fillRate < 1)) throw new RangeError(`a fill rate of ${fillRate} is outside 0..1`);
  if (!(quantity > 0) || !(lead.deviation > 0)) throw new RangeError('quantity and deviation are positive');
  const allowed = ((1 - fillRate) * quantity) / lead.deviation;
  const simple = normalLossInverse(allowed);
  if (form === 'simple') return simple;
  // The exact loss is smaller and falls with z: its root lies below the simple one, and above where all of Q is short.
  const lot = quantity / lead.deviation;
  let low = Math.min(simple, -lot) - 8;
  let high = simple;
  for (let i = 0; i < 200 && high - low > 1e-14 * Math.max(1, Math.abs(high)); i++) {
    const z = (low + high) / 2;
    if (normalLoss(z) - normalLoss(z + lot) > allowed) low = z;
    else high = z;
  }
  return (low + high) / 2;
}

/** Service of a reorder point under normal demand: the share of demand from stock, and of cycles without a shortage. */
export function serviceOf(
  reorderPoint: number,
  { quantity, lead }: FillRateInput,
  form: FillRateForm = 'exact',
): { readonly fillRate: number; readonly cycleService: number } {
  const z = (reorderPoint - lead.mean) / lead.deviation;
  const again = form === 'exact' ? normalLoss(z + quantity / lead.deviation) : 0;
  return {
    fillRate: 1 - (lead.deviation * (normalLoss(z) - again)) / quantity,
    cycleService: normalCdf(z),
  };
}
