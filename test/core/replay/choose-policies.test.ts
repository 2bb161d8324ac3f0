import { expect, test } from 'vitest';
import { candidateAimingAt, candidatesFor } from '../../../shared/core/replay/candidates.ts';
import { type ChooserEntry, choosePolicies } from '../../../shared/core/replay/choose-policies.ts';
import type { Tally } from '../../../shared/core/replay/replay-stock.ts';
import { replayTermsOf } from './replay-terms-of.ts';

const NOTHING: Tally = {
  ...{ periods: 10, demand: 100, served: 100, cycles: 10, cyclesShort: 0, periodsShort: 0, stock: 0 },
  ...{ stockAtCost: 0, sold: 0, orders: 0, holdingCost: 0, spoiledCost: 0, orderingCost: 0, lostMargin: 0 },
};
const tally = (holdingCost: number, served = 100): Tally => ({ ...NOTHING, holdingCost, served });
const entry = (group: string, ...tallies: Tally[]): ChooserEntry => ({ id: '', group, tallies });
const choiceOf = (entries: ChooserEntry[], serviceLevel = 0.95): number[] =>
  [...choosePolicies(entries, 2, serviceLevel, 1).values()].map(({ candidate }) => candidate);

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

test('where every series is too short, each class takes what is named for that, and has no figures', () => {
  const entries = ['a', 'b'].map((group) => ({ id: group, group, tallies: null }));
  const nothing = { candidate: 1, series: 0, cost: null, fillRate: null, cycleService: null };
  expect([...choosePolicies(entries, 2, 0.95, 1).values()]).toEqual([
    { group: 'a', ...nothing },
    { group: 'b', ...nothing },
  ]);
});

test.each([
  [0.95, 0.95],
  [0.93, 0.95],
  [0.999, 0.995],
  [0.5, 0.6],
])('untried, a service level of %d is served by the candidate that aims at %d', (asked, aimed) => {
  for (const orderCost of [0, 2]) {
    const candidates = candidatesFor(replayTermsOf({ orderCost }), ['mix', 'snaive']);
    const found = candidates[candidateAimingAt(candidates, asked)]!;
    expect(found).toEqual({
      forecaster: 'mix',
      kind: orderCost > 0 ? 's-S' : 'base-stock',
      target: { kind: 'cycle-service', value: aimed },
    });
  }
});
