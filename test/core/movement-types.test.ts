import { describe, expect, test } from 'vitest';
import {
  MOVEMENT_TYPES,
  type MovementType,
  movementFault,
} from '../../shared/core/inventory/movement-types.ts';

/** What each kind of movement may do, in words: in, out, and whether it has to say why. */
const RULES: Readonly<Record<MovementType, string>> = {
  opening: 'in',
  receipt: 'in',
  sale: 'out',
  return: 'in, why',
  transfer_out: 'out',
  transfer_in: 'in',
  count: 'in out',
  damage: 'out',
  expiry: 'out',
  adjustment: 'in out, why',
  reversal: 'in out, why',
};

describe.each(Object.entries(RULES) as [MovementType, string][])('a movement of type %s', (type, rule) => {
  test('may come in or go out as its rule says', () => {
    expect(movementFault(type, 1, 'because')?.field).toBe(/in/.test(rule) ? undefined : 'quantity_change');
    expect(movementFault(type, -1, 'because')?.field).toBe(/out/.test(rule) ? undefined : 'quantity_change');
  });

  test('says why where it must', () => {
    const change = /in/.test(rule) ? 5 : -5;
    for (const reason of [null, '', '  ']) {
      expect(movementFault(type, change, reason)?.field).toBe(/why/.test(rule) ? 'reason' : undefined);
    }
    expect(movementFault(type, change, 'because')).toBeUndefined();
  });

  test('moves something', () => {
    expect(movementFault(type, 0, 'because')).toEqual({ field: 'quantity_change', reason: 'is zero' });
  });
});

test('there are no other kinds', () => {
  expect(Object.keys(MOVEMENT_TYPES).sort()).toEqual(Object.keys(RULES).sort());
});
