import { expect, test } from 'vitest';
import { leastWeeks, replayInTime } from '../../../functions/train/replay-in-time.ts';
import { wordsOfClass } from '../../../functions/train/words-of-class.ts';
import type { ClassEvaluation, JudgedPolicy } from '../../../shared/contracts/api/policy-evaluation.ts';
import { classCandidates } from '../../../shared/core/replay/class-candidates.ts';

const judged = (value: number, yearly_cost: number, fill_rate: number): JudgedPolicy => ({
  ...{ kind: 's-S', target: { kind: 'cycle-service', value }, forecaster: 'window', yearly_cost, fill_rate },
  ...{
    yearly_cost_low: 0,
    yearly_cost_high: 0,
    cycle_service: 1,
    average_stock: 10 * value,
    stockout_days: 3,
  },
  earlier_yearly_cost: 0,
});
const RESULT: Omit<ClassEvaluation, 'words'> = {
  ...{
    class: 'BY',
    verdict: 'change',
    series_in_class: 70,
    series: 50,
    without_cost: 4,
    too_young: 6,
    out_of_time: 0,
  },
  standing: { kind: 's-S', target: { kind: 'cycle-service', value: 0.98 }, review_days: 7 },
  now: judged(0.98, 500, 0.995),
  best: judged(0.9, 400, 0.97),
  saving: { mean: 100, low: 20, high: 180 },
  ...{ reaches_service: true, others: [] },
};

test('a cheaper policy is told with what it saves, what it does to stock and service, and that forecasts stay', () => {
  const words = wordsOfClass(RESULT, 0.95, 60);
  expect(words).toMatch(
    /^s-S at cycle-service 0.9 is 100.00 a year cheaper \(95 % interval 20.00 to 180.00\) than s-S at cycle-service 0.98, over 50 of 70 series; stock goes from 9.8 to 9.0 units, fill rate from 99.5 % to 97.0 %\./,
  );
  expect(words).toMatch(/the forecaster window; plans forecast in their own way/);
  expect(words).not.toMatch(/below what was asked for/);
});

test('what is not sure is said not to be, and so is a service that later weeks did not see', () => {
  const words = wordsOfClass(
    { ...RESULT, verdict: 'unclear', saving: { mean: -5, low: -60, high: 40 } },
    0.98,
    60,
  );
  expect(words).toMatch(
    /not surely cheaper: 5.00 a year dearer \(95 % interval -40.00 to 60.00\) than s-S at cycle-service 0.98/,
  );
  expect(words).toMatch(/On the later weeks its service was 97.0 %, below what was asked for/);
  const dearer = { ...RESULT, verdict: 'keep' as const, saving: { mean: -50, low: -60, high: -40 } };
  expect(wordsOfClass(dearer, 0.95, 60)).toMatch(
    /later ones it is 50.00 a year dearer \(95 % interval 40.00 to 60/,
  );
  expect(wordsOfClass({ ...RESULT, reaches_service: false }, 0.999, 60)).toMatch(
    /No policy reached the service of 0.999/,
  );
});

test('a class without evidence says which series are missing, and why', () => {
  const none = { ...RESULT, verdict: 'no-evidence' as const, now: null, best: null, saving: null, series: 3 };
  const words = wordsOfClass({ ...none, out_of_time: 2 }, 0.95, 9);
  expect(words).toMatch(
    /^No evidence: of 70 series 9 were old enough and looked at, and 3 could be replayed/,
  );
  expect(words).toMatch(/4 have no supplier.*6 are too young.*2 were not replayed for want of time/);
});

test('a series that begins within the judged weeks is not replayed; lead times are weeks, rounded up', () => {
  const series = (id: string, weeks: number, leadTimeDays: number) => ({
    ...{ id, leadTimeDays, unitCost: 4, marginUnit: 3, orderCost: 0 },
    quantities: Array.from({ length: weeks }, (_, t) => 5 + (t % 4)),
  });
  const candidates = classCandidates({ kind: 's-S', target: { kind: 'cycle-service', value: 0.95 } });
  const order = { serviceLevel: 0.95, holdingRate: 0.25, seed: 1 };
  const replays = (days: number) =>
    replayInTime(
      [series('OLD', 90, days), series('NEW', 20, days)],
      { candidates, reviewDays: 7, order },
      () => true,
    ).replays;
  const eight = replays(8);
  expect(eight.map(({ id }) => id)).toEqual(['OLD']);
  expect(eight[0]!.candidates[0]!.periods).toBe(30);
  expect(eight[0]!.earlier![0]!.periods).toBe(20);
  expect(eight).toEqual(replays(14));
  expect(eight).not.toEqual(replays(7));
});

test.each([40, 61, 90])(
  'beside a series of %i weeks the least old one is just old enough to choose on',
  (longest) => {
    const series = (weeks: number) => ({
      ...{ id: `of ${weeks}`, leadTimeDays: 7, unitCost: 4, marginUnit: 3, orderCost: 0 },
      quantities: Array.from({ length: weeks }, (_, t) => 5 + (t % 4)),
    });
    const candidates = classCandidates({ kind: 's-S', target: { kind: 'cycle-service', value: 0.95 } }).slice(
      0,
      1,
    );
    const order = { serviceLevel: 0.95, holdingRate: 0.25, seed: 1 };
    const least = leastWeeks(longest);
    const { replays } = replayInTime(
      [series(longest), series(least), series(least - 1)],
      { candidates, reviewDays: 7, order },
      () => true,
    );
    expect(replays.map(({ earlier }) => earlier !== null)).toEqual([true, true, false]);
  },
);
