/** Where stock lies that Amazon keeps for its sellers; the reports of it say no country. */
export const FBA = 'FBA';
/** What of it cannot be sold. */
export const FBA_UNSELLABLE = 'FBA-UNSELLABLE';
