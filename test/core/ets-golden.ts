import {
  type EtsState,
  type EtsWeights,
  parseEtsForm,
} from '../../shared/core/forecast/ets/ets-recursion.ts';

/** Smoothing weights as the reference values have them: those that a form has no use for may be missing. */
export interface GoldenWeights {
  readonly alpha: number;
  readonly beta?: number | null;
  readonly gamma?: number | null;
  readonly phi?: number | null;
}

/** The reference keeps [level, slope, season], the season newest first. */
export function etsStateOf(form: string, values: readonly number[]): EtsState {
  const { trend, season } = parseEtsForm(form);
  const skip = trend === 'N' ? 1 : 2;
  return {
    level: values[0]!,
    trend: trend === 'N' ? 0 : values[1]!,
    season: Float64Array.from(season === 'N' ? [] : values.slice(skip).reverse()),
  };
}

export function etsWeightsOf(form: string, given: GoldenWeights): EtsWeights {
  const { trend, season } = parseEtsForm(form);
  return {
    alpha: given.alpha,
    beta: trend === 'N' ? 0 : given.beta!,
    gamma: season === 'N' ? 0 : given.gamma!,
    phi: trend.endsWith('d') ? given.phi! : 1,
  };
}
