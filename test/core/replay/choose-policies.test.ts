import { expect, test } from 'vitest';
import { type ChooserEntry, choosePolicies } from '../../../shared/core/replay/choose-policies.ts';
import type { Tally } from '../../../shared/core/replay/replay-stock.ts';

const NOTHING: Tally = {
  ...{ periods: 10, demand: 100, served: 100, cycles: 10, cyclesShort: 0, periodsShort: 0, stock: 0 },
  ...{ stockAtCost: 0, sold: 0, orders: 0, holdingCost: 0, spoiledCost: 0, orderingCost: 0, lostMargin: 0 },
};
const tally = (holdingCost: number, served = 100): Tally => ({ ...NOTHING, holdingCost, served });
const entry = (group: string, ...tallies: Tally[]): ChooserEntry => ({ id: '', group, tallies });
const choiceOf = (entries: ChooserEntry[], serviceLevel = 0.95): number[] =>
  [...choosePolicies(entries, 2, serviceLevel).values()].map(({ candidate }) => candidate);

test('the cheapest that reaches the service level, not the cheapest', () => {
  expect(choiceOf([entry('a', tally(1, 90), tally(5, 96))])).toEqual([1]);
  expect(choiceOf([entry('a', tally(1, 95), tally(5, 96))])).toEqual([0]);
});

test('where none reaches it, the one that comes closest', () => {
  expect(choiceOf([entry('a', tally(1, 70), tally(5, 80))])).toEqual([1]);
});

test('a class of many series decides by itself, a class of one goes with the others', () => {
  const many = Array.from({ length: 30 }, () => entry('a', tally(1), tally(2)));
  const others = Array.from({ length: 30 }, () => entry('b', tally(2), tally(1)));
  expect(choiceOf([...many, ...others])).toEqual([0, 1]);
  expect(choiceOf([...many, entry('c', tally(1.2), tally(1))])).toEqual([0, 0]);
});

test('a class whose series are all too short takes the choice of all', () => {
  const entries = [entry('a', tally(3), tally(2)), { id: '', group: 'new', tallies: null }];
  expect(choiceOf(entries)).toEqual([1, 1]);
});
