import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HistoryError } from '../../../../shared/core/forecast/model.ts';
import {
  chooseLive,
  KEPT_NIGHTLY,
  type LiveModel,
  type LiveState,
  liveModel,
} from '../../../../shared/core/forecast/online/live-model.ts';
import { fitMovingAverage } from '../../../../shared/core/forecast/simple/moving-average.ts';
import { seededRandom } from '../../../../shared/core/math/random.ts';

const STATE_BYTES = 2048;
/** Demand a day before and after its level shifts. */
const BEFORE = 20;
const AFTER = 50;
const SHIFT = 200;

const stored = (model: LiveModel): LiveState => JSON.parse(JSON.stringify(model.toState())) as LiveState;

/** Many series whose level shifts: mean absolute one-day errors of both forecasts and the choice, by day. */
function shifted(series: number, days: number) {
  const online = new Array<number>(days).fill(0);
  const batch = new Array<number>(days).fill(0);
  const speaks = new Array<number>(days).fill(0);
  for (let seed = 1; seed <= series; seed++) {
    const random = seededRandom(seed);
    const model = liveModel();
    const seen: number[] = [];
    let nightly: number | null = null;
    for (let day = 0; day < days; day++) {
      // The batch model was made before the shift, as between two plans.
      if (day === SHIFT) nightly = fitMovingAverage(seen).forecast(1, []).mean[0]!;
      const came = Math.max(0, Math.round((day < SHIFT ? BEFORE : AFTER) + 5 * random.normal()));
      if (day > 0) online[day]! += Math.abs(came - model.ahead(1)[0]!) / series;
      batch[day]! += Math.abs(came - (nightly ?? BEFORE)) / series;
      model.close(came, nightly ?? BEFORE);
      speaks[day]! += (model.choice === 'online' ? 1 : 0) / series;
      seen.push(came);
    }
  }
  return { online, batch, speaks };
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

describe('the online model between two plans', () => {
  it('is back at its usual error 12 days after the level shifted, where a batch model stays wrong', () => {
    const { online, batch, speaks } = shifted(30, SHIFT + 60);
    const usual = mean(online.slice(SHIFT - 60, SHIFT));
    expect(mean(online.slice(SHIFT, SHIFT + 3))).toBeGreaterThan(3 * usual);
    expect(mean(online.slice(SHIFT + 12, SHIFT + 30))).toBeLessThan(1.3 * usual);
    expect(mean(batch.slice(SHIFT + 12, SHIFT + 30))).toBeGreaterThan(4 * usual);
    // Before the shift it is no better than the batch model, which is right; three weeks after, it speaks for all.
    expect(mean(speaks.slice(SHIFT - 60, SHIFT))).toBeLessThan(0.2);
    expect(mean(speaks.slice(SHIFT + 21, SHIFT + 28))).toBeGreaterThan(0.95);
  });
  it('does not speak before two weeks of sums were compared, nor with a gain that may be luck', () => {
    expect(chooseLive(null)).toBe('nightly');
    expect(chooseLive({ weeks: 13, online: 1, nightly: 10 })).toBe('nightly');
    expect(chooseLive({ weeks: 14, online: 6.9, nightly: 10 })).toBe('online');
    expect(chooseLive({ weeks: 22, online: 7.1, nightly: 10 })).toBe('nightly');
    const model = liveModel();
    for (let day = 0; day < 400; day++) model.close(10 + (day % 7), null);
    expect(model.score()).toBeNull();
    expect(model.choice).toBe('nightly');
  });
  it('goes on from its stored state to the last bit', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(500), fc.option(fc.double({ min: 0, max: 500, noNaN: true }))), {
          minLength: 1,
          maxLength: 120,
        }),
        fc.nat(119),
        (days, stop) => {
          const whole = liveModel();
          let parts = liveModel();
          days.forEach(([came, nightly], day) => {
            whole.close(came, nightly);
            if (day === stop) parts = liveModel(stored(parts));
            parts.close(came, nightly);
          });
          expect(stored(parts)).toEqual(stored(whole));
          expect(parts.ahead(5)).toEqual(whole.ahead(5));
        },
      ),
      { numRuns: 50 },
    );
  });
  it('is the same after every day that it is stored, whole units or fractions', () => {
    for (const unit of [0, 0.01, 3.7]) {
      const random = seededRandom(11);
      const whole = liveModel();
      let parts = liveModel();
      for (let day = 0; day < 150; day++) {
        const size = (day < 100 ? 20 : 60) + 5 * random.normal();
        const came = unit === 0 ? Math.max(0, Math.round(size)) : unit * size;
        const nightly = random.uniform() < 0.1 ? null : 20 * (unit || 1);
        whole.close(came, nightly);
        parts = liveModel(stored(parts));
        parts.close(came, nightly);
        expect(stored(parts)).toEqual(stored(whole));
        expect(liveModel(stored(parts)).score()).toEqual(whole.score());
        expect(parts.ahead(8)).toEqual(whole.ahead(8));
      }
    }
  });
  it('refuses what is no number and is as it was before', () => {
    const model = liveModel();
    for (let day = 0; day < 40; day++) model.close(5 + (day % 3), 5);
    const before = model.toState();
    for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      expect(() => model.close(wrong, 5)).toThrow(HistoryError);
      expect(() => model.close(5, wrong)).toThrow(HistoryError);
      expect(model.toState()).toEqual(before);
    }
  });
  it.each([0.1, 1, 10, 1e5, 1e9])(
    'keeps as much after three thousand days as after a hundred, below 2 KB, of fractions up to %s',
    (most) => {
      const random = seededRandom(4);
      const model = liveModel();
      const sizes: number[] = [];
      for (let day = 0; day < 3000; day++) {
        model.close(most * random.uniform(), most * random.uniform());
        if (day >= 100) sizes.push(JSON.stringify(model.toState()).length);
      }
      expect(Math.max(...sizes)).toBeLessThanOrEqual(STATE_BYTES);
      expect(Math.max(...sizes.slice(-500)) - Math.max(...sizes.slice(0, 500))).toBeLessThan(100);
      expect(model.toState().nightly).toHaveLength(KEPT_NIGHTLY);
    },
  );
  it('says after a replay of all days with the kept nightly forecasts what it said as the days closed', () => {
    const random = seededRandom(9);
    const days = Array.from({ length: 300 }, (_, day) => ({
      came: Math.round((day < 270 ? 20 : 60) + 6 * random.normal()),
      nightly: 20 + random.normal(),
    }));
    const live = liveModel();
    for (const { came, nightly } of days) live.close(came, nightly);
    const { nightly: kept } = live.toState();
    const replay = liveModel();
    days.forEach(({ came }, day) => {
      replay.close(came, kept[day - days.length + kept.length] ?? null);
    });
    expect(stored(replay)).toEqual(stored(live));
  });
});
