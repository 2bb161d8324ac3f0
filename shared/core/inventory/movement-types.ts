/** What kinds of movement there are: which way each may go, and whether it has to say why. */
export const MOVEMENT_TYPES = {
  /** what was there when the books began */
  opening: { direction: 'in', needsReason: false },
  /** goods that arrived from a supplier; the original systems call it restock */
  receipt: { direction: 'in', needsReason: false },
  sale: { direction: 'out', needsReason: false },
  return: { direction: 'in', needsReason: true },
  transfer_out: { direction: 'out', needsReason: false },
  transfer_in: { direction: 'in', needsReason: false },
  /** the difference that a count found */
  count: { direction: 'both', needsReason: false },
  damage: { direction: 'out', needsReason: false },
  expiry: { direction: 'out', needsReason: false },
  /** what no other type says */
  adjustment: { direction: 'both', needsReason: true },
  /** takes another movement back, which it names */
  reversal: { direction: 'both', needsReason: true },
} as const satisfies Readonly<Record<string, MovementRule>>;

export interface MovementRule {
  readonly direction: 'in' | 'out' | 'both';
  readonly needsReason: boolean;
}

export type MovementType = keyof typeof MOVEMENT_TYPES;

/** Why a movement of this type cannot be so, or undefined. */
export function movementFault(
  type: MovementType,
  quantityChange: number,
  reason: string | null,
): { readonly field: 'quantity_change' | 'reason'; readonly reason: string } | undefined {
  const { direction, needsReason } = MOVEMENT_TYPES[type];
  if (quantityChange === 0) return { field: 'quantity_change', reason: 'is zero' };
  if (direction === 'in' && quantityChange < 0)
    return { field: 'quantity_change', reason: `is negative: a movement of type ${type} comes in` };
  if (direction === 'out' && quantityChange > 0)
    return { field: 'quantity_change', reason: `is above zero: a movement of type ${type} goes out` };
  if (needsReason && (reason === null || reason.trim() === ''))
    return { field: 'reason', reason: `is empty: a movement of type ${type} needs a reason` };
  return undefined;
}
