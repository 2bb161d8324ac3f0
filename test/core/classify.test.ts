import { expect, test } from 'vitest';
import { classifyDemand } from '../../shared/core/forecast/classify.ts';

const times = (count: number, ...values: number[]): number[] =>
  Array.from({ length: count }, () => values).flat();

test('demand every period of like sizes is smooth, of unlike sizes erratic', () => {
  expect(classifyDemand(times(10, 4, 5, 6)).demandClass).toBe('smooth');
  expect(classifyDemand(times(10, 1, 1, 30)).demandClass).toBe('erratic');
});

test('demand now and then of like sizes is intermittent, of unlike sizes lumpy', () => {
  expect(classifyDemand(times(10, 0, 4, 0, 5)).demandClass).toBe('intermittent');
  expect(classifyDemand(times(10, 0, 1, 0, 30)).demandClass).toBe('lumpy');
});

test('time before the first demand and unknown periods do not count', () => {
  const shape = classifyDemand([0, 0, 0, ...times(5, 4, Number.NaN, 6, Number.NaN)]);
  expect(shape).toMatchObject({ demandClass: 'smooth', adi: 1 });
  expect(shape.cv2).toBeCloseTo(0.04, 12);
});

test('demand every second period has an interval of 2 and no variation', () => {
  expect(classifyDemand(times(10, 3, 0))).toEqual({ demandClass: 'intermittent', adi: 2, cv2: 0 });
});

test('a first demand seven periods ago is new, and so is nothing at all', () => {
  expect(classifyDemand([...times(50, 0), ...times(7, 3)]).demandClass).toBe('new');
  expect(classifyDemand([]).demandClass).toBe('new');
});

test('never sold in a year, or silent for ten usual intervals and half a year, is dead', () => {
  expect(classifyDemand(times(52, 0)).demandClass).toBe('dead');
  expect(classifyDemand([...times(10, 3), ...times(26, 0)]).demandClass).toBe('dead');
  expect(classifyDemand([...times(10, 3), ...times(25, 0)]).demandClass).toBe('intermittent');
  // One sale in ten weeks: half a year of silence is three intervals.
  expect(classifyDemand([...times(5, 3, ...times(9, 0)), ...times(26, 0)]).demandClass).toBe('intermittent');
});
