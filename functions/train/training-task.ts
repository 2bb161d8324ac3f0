/**
 * Raised whenever the same sample would give another model than before, or its file another shape: plans forecast with
 * models of this version only, and ask for one while there is none.
 */
export const TRAIN_VERSION = 6;
/**
 * Models of single series that a plan can afford for thousands of series: together half a millisecond each. The dearer
 * ones (blend, counts, arima) cost ten to a hundred times as much and gain a hundredth of the loss beside the global model.
 */
export const MEMBERS = ['theta', 'online', 'empirical'] as const;
/** Rows that the global model learns from, about. */
export const MOST_ROWS = 60_000;
