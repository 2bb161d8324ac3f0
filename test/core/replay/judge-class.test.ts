import { expect, test } from 'vitest';
import { PolicyTarget } from '../../../shared/contracts/policy.ts';
import {
  CLASS_FORECASTERS,
  classCandidates,
  isSamePlan,
} from '../../../shared/core/replay/class-candidates.ts';
import { judgeClass } from '../../../shared/core/replay/judge-class.ts';
import type { SeriesReplay } from '../../../shared/core/replay/replay-series.ts';
import type { Tally } from '../../../shared/core/replay/replay-stock.ts';

const PLAN = { kind: 's-S', target: { kind: 'cycle-service', value: 0.98 } } as const;
const OTHER = { kind: 'R-S', target: { kind: 'cycle-service', value: 0.9 } } as const;
const candidates = [
  { ...PLAN, forecaster: 'mix' },
  { ...OTHER, forecaster: 'mix' },
  { ...PLAN, forecaster: 'snaive' },
  { ...OTHER, forecaster: 'snaive' },
];
const tally = (holdingCost: number, served = 100, periods = 52): Tally => ({
  ...{ periods, demand: 100, served, cycles: 10, cyclesShort: served < 100 ? 5 : 0, periodsShort: 1 },
  ...{
    stock: 520,
    stockAtCost: 0,
    sold: 0,
    orders: 0,
    holdingCost,
    spoiledCost: 0,
    orderingCost: 0,
    lostMargin: 0,
  },
});
const replay = (earlier: Tally[] | null, later: Tally[], id = ''): SeriesReplay => ({
  ...{ id, demandClass: 'smooth', value: 1, rows: [] },
  earlier,
  candidates: later,
});
const judge = (replays: SeriesReplay[], serviceLevel = 0.95) =>
  judgeClass({ replays, candidates, standing: PLAN, serviceLevel, daysAPeriod: 7, seed: 1 });
const many = (count: number, make: (i: number) => SeriesReplay) =>
  Array.from({ length: count }, (_, i) => make(i));

test('what is cheaper before and after is a change, and both are compared with the same forecaster', () => {
  const found = judge(
    many(8, (i) =>
      replay(
        [9, 8, 9, 5].map((cost) => tally(cost)),
        [10, 8, 7, 4 + i / 10].map((cost) => tally(cost)),
      ),
    ),
  );
  expect(found.verdict).toBe('change');
  expect(found.best?.candidate).toEqual(candidates[3]);
  expect(found.now?.candidate).toEqual(candidates[2]);
  const year = 365.25 / 7 / 52;
  expect(found.saving!.mean).toBeCloseTo((8 * 7 - 8 * 4 - 2.8) * year, 6);
  expect(found.saving!.low).toBeGreaterThan(0);
  expect(found.best!.averageStock).toBe(80);
  // first its policy with the other forecaster
  expect(found.others[0]?.candidate).toEqual(candidates[1]);
});

test('what was cheaper before and is not surely so after is unclear', () => {
  const found = judge(
    many(8, (i) =>
      replay(
        [9, 8, 9, 9].map((cost) => tally(cost)),
        [10, i % 2 ? 4 : 17, 10, 10].map((cost) => tally(cost)),
      ),
    ),
  );
  expect(found).toMatchObject({ verdict: 'unclear' });
  expect(found.saving!.low).toBeLessThan(0);
});

test('what was cheaper before and is surely dearer after is not taken', () => {
  const found = judge(
    many(8, () =>
      replay(
        [9, 8, 9, 9].map((cost) => tally(cost)),
        [10, 14, 10, 10].map((cost) => tally(cost)),
      ),
    ),
  );
  expect(found.best?.candidate).toEqual(candidates[1]);
  expect(found.verdict).toBe('keep');
});

test('what stands is kept where it costs no more than another', () => {
  const costs = () => [5, 5, 6, 6].map((cost) => tally(cost));
  expect(judge(many(8, () => replay(costs(), costs()))).verdict).toBe('keep');
});

test('a policy without the service asked for is no choice while another one has it; else that is said', () => {
  const cheapButShort = () => [tally(5), tally(1, 80), tally(6), tally(6)];
  expect(judge(many(8, () => replay(cheapButShort(), cheapButShort())))).toMatchObject({
    verdict: 'keep',
    reachesService: true,
  });
  const allShort = () => [tally(5, 70), tally(1, 80), tally(6, 70), tally(6, 70)];
  expect(judge(many(8, () => replay(allShort(), allShort())))).toMatchObject({
    verdict: 'change',
    reachesService: false,
  });
});

test('series too young to choose on are no evidence, and fewer than five are none at all', () => {
  const costs = () => [9, 8, 9, 5].map((cost) => tally(cost));
  const young = many(9, () => replay(null, costs()));
  const told = many(4, () => replay(costs(), costs()));
  expect(judge([...young, ...told])).toMatchObject({
    verdict: 'no-evidence',
    series: 4,
    best: null,
    now: null,
  });
  expect(judge([...young, ...told, replay(costs(), costs())])).toMatchObject({
    verdict: 'change',
    series: 5,
  });
});

test('candidates are what a class can hold: what stands first, once, with each forecaster, and nothing stretched', () => {
  const standing = { kind: 's-S', target: { kind: 'cycle-service', value: 0.95 } } as const;
  const all = classCandidates(standing);
  const count = all.length / CLASS_FORECASTERS.length;
  expect(count).toBe(5 * 8);
  CLASS_FORECASTERS.forEach((forecaster, f) => {
    expect(all[f * count]).toEqual({ ...standing, forecaster });
    const own = all.slice(f * count, (f + 1) * count);
    expect(own.filter((one) => isSamePlan(one, standing))).toHaveLength(1);
  });
  expect(
    all.every(({ target, stretch }) => stretch === undefined && PolicyTarget.safeParse(target).success),
  ).toBe(true);
});
