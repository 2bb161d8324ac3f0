/** Why goods come back. Eight reasons, as marketplaces and shops commonly ask for. */
export const RETURN_REASONS = [
  'defective',
  'damaged_in_transit',
  'wrong_item',
  'not_as_described',
  'wrong_size',
  'arrived_late',
  'changed_mind',
  'other',
] as const;
export type ReturnReason = (typeof RETURN_REASONS)[number];

/** Whether goods that came back can be sold again. */
export const RETURN_CONDITIONS = ['resellable', 'damaged'] as const;
export type ReturnCondition = (typeof RETURN_CONDITIONS)[number];
