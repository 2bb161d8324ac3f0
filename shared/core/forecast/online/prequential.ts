export interface PrequentialState {
  readonly count: number;
  /** Fading mean absolute error of the model, and of the method it must beat. */
  readonly model: number;
  readonly rival: number;
}

/** Errors of forecasts made before their value was known: predict, then learn. */
export interface Prequential {
  observe(actual: number, ofModel: number, ofRival: number): void;
  /** Whether the model's error is below `margin` times its rival's, over at least `least` values. */
  earnsUse(margin?: number, least?: number): boolean;
  toState(): PrequentialState;
}

/**
 * Prequential mean absolute errors with fading memory (Gama, Sebastiao & Rodrigues 2013): the newest `memory` values
 * or so count. Before that many all count alike.
 */
export function prequential(memory = 50, state?: PrequentialState): Prequential {
  let count = state?.count ?? 0;
  let model = state?.model ?? 0;
  let rival = state?.rival ?? 0;
  return {
    observe(actual, ofModel, ofRival) {
      count++;
      const weight = 1 / Math.min(count, memory);
      model += weight * (Math.abs(actual - ofModel) - model);
      rival += weight * (Math.abs(actual - ofRival) - rival);
    },
    earnsUse: (margin = 1, least = 20) => count >= least && model < margin * rival,
    toState: () => ({ count, model, rival }),
  };
}
