import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  commandsFrom,
  EXPECTING,
  PURCHASE_ORDER_COMMANDS,
  PURCHASE_ORDER_STATES,
  type PurchaseOrderCommand,
  type PurchaseOrderState,
  transitionOf,
} from '../../../shared/core/inventory/purchase-order-states.ts';

/** Rows: states. What each command does there: a state, `=` done already, `~` follows from what came, `-` refused. */
const TABLE = `
                    edit   submit     reopen  approve   reject    send  acknowledge         receive  reverse_receipt  close   cancel
draft               draft  submitted  -       approved  -         -     -                   -        -                -       cancelled
submitted           -      =          draft   approved  rejected  -     -                   -        -                -       cancelled
approved            -      =          -       =         -         sent  acknowledged        ~        -                closed  cancelled
sent                -      =          -       =         -         =     acknowledged        ~        -                closed  cancelled
acknowledged        -      =          -       =         -         =     acknowledged        ~        -                closed  cancelled
partially_received  -      =          -       =         -         =     partially_received  ~        ~                closed  -
received            -      =          -       =         -         =     -                   ~        ~                closed  -
closed              -      -          -       -         -         -     -                   -        closed           =       -
cancelled           -      -          -       -         -         -     -                   -        -                -       =
rejected            -      -          -       -         =         -     -                   -        -                -       -
`;

function said(state: PurchaseOrderState, command: PurchaseOrderCommand): string {
  const transition = transitionOf(state, command);
  if (transition.kind === 'moves') return transition.to === 'follows' ? '~' : transition.to;
  return transition.kind === 'done' ? '=' : '-';
}

test('every command in every state does what the table says', () => {
  const [head, ...rows] = TABLE.trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  expect(head).toEqual([...PURCHASE_ORDER_COMMANDS]);
  expect(rows.map(([state]) => state)).toEqual([...PURCHASE_ORDER_STATES]);
  for (const [state, ...cells] of rows)
    expect([
      state,
      ...PURCHASE_ORDER_COMMANDS.map((command) => said(state as PurchaseOrderState, command)),
    ]).toEqual([state, ...cells]);
});

describe('for every state and command', () => {
  const state = fc.constantFrom(...PURCHASE_ORDER_STATES);
  const command = fc.constantFrom(...PURCHASE_ORDER_COMMANDS);

  test('doing it twice is doing it once, wherever doing it has an end of its own', () => {
    fc.assert(
      fc.property(state, command, (from, what) => {
        const first = transitionOf(from, what);
        if (first.kind !== 'moves' || first.to === 'follows' || first.to === from) return;
        const second = transitionOf(first.to, what);
        expect(
          second.kind === 'done' || (second.kind === 'moves' && second.to === first.to) || what === 'reopen',
        ).toBe(true);
      }),
    );
  });

  test('what is over stays over, and nothing becomes an order without being approved', () => {
    for (const end of ['closed', 'cancelled', 'rejected'] as const)
      for (const what of PURCHASE_ORDER_COMMANDS) {
        const transition = transitionOf(end, what);
        if (transition.kind === 'moves') expect(transition.to).toBe(end);
      }
    for (const before of ['draft', 'submitted'] as const)
      for (const what of commandsFrom(before)) {
        const transition = transitionOf(before, what);
        const isOrder =
          transition.kind === 'moves' && (EXPECTING as readonly string[]).includes(transition.to);
        expect([what, isOrder]).toEqual([what, what === 'approve']);
      }
  });

  test('goods come exactly where goods are expected, or more than were ordered', () => {
    const takes = PURCHASE_ORDER_STATES.filter((one) => transitionOf(one, 'receive').kind === 'moves');
    expect(takes).toEqual([...EXPECTING, 'received']);
  });
});
