import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mayApprove } from '../../../shared/core/inventory/approval.ts';
import {
  type AutoDraft,
  type AutoLine,
  type AutoRestockRule,
  pickAutoOrders,
} from '../../../shared/core/inventory/pick-auto-orders.ts';

const TODAY = '2026-06-15';
const rule: AutoRestockRule = {
  ruleId: 'small',
  supplierId: null,
  locationId: null,
  category: null,
  class: null,
  currency: 'GBP',
  maxOrderCents: 50_000,
  maxDayCents: 80_000,
  isUsualOnly: true,
  isDueOnly: true,
};
const line: AutoLine = {
  suggestionId: 1,
  productId: 'A',
  category: 'mugs',
  class: 'AX',
  isUsual: true,
  orderDay: TODAY,
  coverDays: 60,
  cents: 30_000,
};
const draft: AutoDraft = {
  purchaseOrderId: 1,
  supplierId: 'S',
  locationId: 'MAIN',
  currency: 'GBP',
  minimumCents: 0,
  lines: [line],
};
const pick = (rules: AutoRestockRule[], drafts: AutoDraft[], spent: [string, number][] = []) =>
  pickAutoOrders(rules, drafts, TODAY, new Map(spent));

test('a draft within the limits is ordered; without rules, or about something else, nothing is', () => {
  expect(pick([rule], [draft])).toEqual([
    {
      ruleId: 'small',
      purchaseOrderId: 1,
      productIds: ['A'],
      isWhole: true,
      cents: 30_000,
      refused: undefined,
    },
  ]);
  for (const other of [
    { supplierId: 'T' },
    { locationId: 'SHOP' },
    { category: 'lamps' },
    { class: 'B' },
    { currency: 'EUR' },
  ])
    expect(pick([{ ...rule, ...other }], [draft])).toEqual([]);
  for (const same of [
    { supplierId: 'S' },
    { category: 'mugs' },
    { class: 'A' },
    { class: 'X' },
    { class: 'AX' },
  ])
    expect(pick([{ ...rule, ...same }], [draft])).toHaveLength(1);
  expect(pick([], [draft])).toEqual([]);
});

test('what lasts longer than half a year is left to people, whatever the rule', () => {
  const lines = [line, { ...line, productId: 'LONG', coverDays: 181 }];
  expect(pick([rule], [{ ...draft, lines }])).toMatchObject([
    { productIds: [line.productId], isWhole: false },
  ]);
  expect(pick([rule], [{ ...draft, lines: [lines[1]!] }])).toEqual([]);
});

test('an order is the sum of its lines', () => {
  const lines = ['A', 'B', 'C'].map((productId) => ({ ...line, productId, cents: 33 }));
  expect(pick([rule], [{ ...draft, lines, minimumCents: 99 }])).toMatchObject([
    { cents: 99, refused: undefined },
  ]);
});

test('lines that can wait, or whose forecast is unsure, stay in the draft', () => {
  const lines = [
    line,
    { ...line, productId: 'B', orderDay: '2026-06-16' },
    { ...line, productId: 'C', isUsual: false },
  ];
  expect(pick([rule], [{ ...draft, lines }])).toMatchObject([{ productIds: ['A'], isWhole: false }]);
  const any = { ...rule, isUsualOnly: false, isDueOnly: false, maxOrderCents: 90_000, maxDayCents: 90_000 };
  expect(pick([any], [{ ...draft, lines }])).toMatchObject([{ productIds: ['A', 'B', 'C'], isWhole: true }]);
});

test('limits of an order, of the day and of the supplier refuse, and say which', () => {
  expect(pick([{ ...rule, maxOrderCents: 29_999 }], [draft])).toMatchObject([
    { refused: 'above the limit of an order' },
  ]);
  expect(pick([rule], [draft], [['small', 50_001]])).toMatchObject([
    { refused: 'above the limit of the day' },
  ]);
  expect(pick([rule], [{ ...draft, minimumCents: 30_001 }])).toMatchObject([
    { refused: 'below the minimum of the supplier' },
  ]);
});

test('the most urgent are ordered first, and what a rule orders in a day never exceeds its limit', () => {
  const cents = fc.integer({ min: 1, max: 60_000 });
  const orderDay = fc.constantFrom('2026-06-01', '2026-06-10', TODAY, '2026-06-20');
  const drafts = fc
    .array(fc.array(fc.record({ cents, orderDay, isUsual: fc.boolean() }), { minLength: 1, maxLength: 4 }), {
      maxLength: 8,
    })
    .map((all) =>
      all.map(
        (lines, i): AutoDraft => ({
          ...draft,
          purchaseOrderId: i + 1,
          lines: lines.map((one, k) => ({ ...line, ...one, productId: `P${k}` })),
        }),
      ),
    );
  fc.assert(
    fc.property(drafts, fc.nat({ max: 80_000 }), (all, spent) => {
      const picks = pick([rule], all, [['small', spent]]);
      const ordered = picks.filter((one) => one.refused === undefined);
      expect(ordered.reduce((sum, one) => sum + one.cents, spent)).toBeLessThanOrEqual(
        Math.max(spent, 80_000),
      );
      expect(new Set(picks.map((one) => one.purchaseOrderId)).size).toBe(picks.length);
      for (const one of picks) {
        const lines = all[one.purchaseOrderId - 1]!.lines.filter((each) =>
          one.productIds.includes(each.productId),
        );
        expect(lines.every((each) => each.isUsual && each.orderDay <= TODAY)).toBe(true);
        expect(lines.reduce((sum, each) => sum + each.cents, 0)).toBe(one.cents);
      }
    }),
  );
});

test('an approver approves up to the limit of the role in that currency, the largest of several; an admin anything', () => {
  const limits = [
    { role: 'approver', currency: 'GBP', maxCents: 10_000 },
    { role: 'planner', currency: 'GBP', maxCents: 50_000 },
    { role: 'buyer', currency: 'EUR', maxCents: null },
  ];
  const may = (roles: string[], amount: number, currency = 'GBP') =>
    mayApprove(roles, limits, { cents: amount, currency });
  expect(may(['approver'], 10_000)).toEqual({ isAllowed: true });
  expect(may(['approver'], 10_001)).toEqual({ isAllowed: false, mostCents: 10_000 });
  expect(may(['approver', 'planner'], 50_000)).toEqual({ isAllowed: true });
  expect(may(['approver'], 1, 'EUR')).toEqual({ isAllowed: false, mostCents: undefined });
  expect(may(['buyer'], 1e9, 'EUR')).toEqual({ isAllowed: true });
  expect(may(['buyer'], 1)).toEqual({ isAllowed: false, mostCents: undefined });
  expect(may(['viewer', 'admin'], 1e12)).toEqual({ isAllowed: true });
  expect(mayApprove(['approver'], [], { cents: 1e12, currency: 'GBP' })).toEqual({ isAllowed: true });
  expect(mayApprove(['warehouse'], [], { cents: 0, currency: 'GBP' }).isAllowed).toBe(false);
});
