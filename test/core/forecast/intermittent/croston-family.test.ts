import { describe, expect, test } from 'vitest';
import {
  adidaMean,
  aggregationLevel,
  fitAdida,
  fitImapa,
} from '../../../../shared/core/forecast/intermittent/aggregation.ts';
import { fitCroston } from '../../../../shared/core/forecast/intermittent/croston.ts';
import { fitTsb } from '../../../../shared/core/forecast/intermittent/tsb.ts';
import type { Fitted } from '../../../../shared/core/forecast/model.ts';
import { readGolden } from '../../read-golden.ts';

interface Methods {
  alpha: number;
  croston: number;
  sba: number;
  sbj: number;
  tsb: number;
  level: number;
  adida: number;
  imapa: number;
}
const golden = readGolden<{ cases: { name: string; y: number[]; methods: Methods[] }[] }>('intermittent');
const cases = golden.cases.flatMap(({ name, y, methods }) => methods.map((of) => ({ name, y, ...of })));
const meanOf = (fitted: Fitted): number => fitted.forecast(3, []).mean[2]!;

describe.each(cases)('on the $name series with weight $alpha', ({ y, ...of }) => {
  test.each(['croston', 'sba', 'sbj'] as const)('%s agrees with its formula', (method) => {
    expect(meanOf(fitCroston(y, { method, weight: of.alpha })) / of[method]).toBeCloseTo(1, 10);
  });

  test('TSB agrees with its formula', () => {
    const fitted = fitTsb(y, { probabilityWeight: of.alpha, sizeWeight: of.alpha });
    expect(meanOf(fitted) / of.tsb).toBeCloseTo(1, 10);
  });

  test('ADIDA and IMAPA agree with their formulas', () => {
    expect(aggregationLevel(y)).toBe(of.level);
    expect(meanOf(fitAdida(y, { weight: of.alpha })) / of.adida).toBeCloseTo(1, 10);
    expect(meanOf(fitImapa(y, { weight: of.alpha })) / of.imapa).toBeCloseTo(1, 10);
  });
});

test('worked by hand: sizes 3, 1 after intervals 3, 2 give 2.8 / 2.9 with weight 0.1', () => {
  const y = [0, 0, 3, 0, 1];
  expect(meanOf(fitCroston(y, { method: 'croston' }))).toBeCloseTo(2.8 / 2.9, 12);
  expect(meanOf(fitCroston(y, { method: 'sba' }))).toBeCloseTo((2.8 / 2.9) * 0.95, 12);
  expect(meanOf(fitCroston(y, { method: 'sbj' }))).toBeCloseTo((2.8 / 2.9) * (1 - 0.1 / 1.9), 12);
});

test('blocks of three leave out the oldest value that fills none', () => {
  expect(adidaMean([100, 1, 2, 3, 6, 0, 0], 3, 0.5)).toBeCloseTo(2, 12);
});

test('a searched weight is never worse within the sample than any weight in its range', () => {
  const errors = (y: readonly number[], weight: number): number => {
    let level = y[0]!;
    let squares = 0;
    for (const value of y.slice(1)) {
      squares += (value - level) ** 2;
      level += weight * (value - level);
    }
    return squares;
  };
  for (const { y } of golden.cases) {
    const weights = Array.from({ length: 201 }, (_, i) => 0.1 + i / 1000);
    const best = weights.reduce((a, b) => (errors(y, b) < errors(y, a) ? b : a));
    expect(adidaMean(y, 1)).toBeCloseTo(adidaMean(y, 1, best), 10);
  }
});
