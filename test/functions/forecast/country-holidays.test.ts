import { describe, expect, it } from 'vitest';
import { countryHolidays } from '../../../functions/forecast/country-holidays.ts';
import { withHolidays } from '../../../functions/forecast/holiday-panel.ts';
import type { Panel } from '../../../shared/core/forecast/panel.ts';

describe('holidays of a country', () => {
  it('are those of its calendar, with the days that stand in for a weekend', async () => {
    const days = (await countryHolidays('GB-ENG', '2022-01-01', '2022-12-31')).map(({ day }) => day);
    // Bank holidays of England in 2022; New Year's Day and Christmas Day fell on a weekend.
    for (const day of ['2022-01-03', '2022-04-15', '2022-05-02', '2022-08-29', '2022-12-26', '2022-12-27'])
      expect(days).toContain(day);
    expect(days).not.toContain('2022-02-14');
  });

  it('have English names everywhere, and the same name each year', async () => {
    const names = new Set((await countryHolidays('DE', '2020-01-01', '2021-12-31')).map(({ name }) => name));
    expect(names).toContain('Easter Monday');
    const years = await countryHolidays('US', '2014-06-01', '2015-01-01');
    expect(years.filter(({ name }) => name === 'Thanksgiving Day').map(({ day }) => day)).toEqual([
      '2014-11-27',
      '2015-11-26',
    ]);
  });

  it('of a part of a country are its own besides', async () => {
    const all = (await countryHolidays('DE', '2024-01-01', '2024-12-31')).map(({ day }) => day);
    const part = (await countryHolidays('DE-BY', '2024-01-01', '2024-12-31')).map(({ day }) => day);
    // Corpus Christi is one in Bavaria.
    expect(all).not.toContain('2024-05-30');
    expect(part).toContain('2024-05-30');
  });

  it.each(['', 'ZZ', 'gb', 'US-ZZZ', 'GB/../x'])('of %j are refused', async (place) => {
    await expect(countryHolidays(place, '2024-01-01', '2024-01-02')).rejects.toThrow('no holidays are known');
  });
});

it('a panel has them over history and horizon of each series, and keeps its own column of that name', async () => {
  const quantities = new Float64Array(10).fill(1);
  const panel: Panel = {
    frequency: 'daily',
    period: 7,
    known: ['price'],
    series: [
      { id: 'a', start: '2023-12-20', quantities, regressors: {} },
      { id: 'b', start: '2023-12-20', quantities, regressors: { 'holiday days': new Float64Array(10) } },
    ],
  };
  const { known, series } = await withHolidays(panel, 'US', 5);
  expect(known).toEqual(['price', 'holiday', 'days to holiday', 'days since holiday']);
  const [a, b] = series;
  expect(a!.regressors.holiday).toHaveLength(15);
  expect([a!.regressors.holiday![5], a!.regressors.holiday![12]]).toEqual([
    'Christmas Day',
    "New Year's Day",
  ]);
  expect(b!.regressors['holiday days']).toEqual(new Float64Array(10));
  expect(b!.regressors['days to holiday']).toEqual(a!.regressors['days to holiday']);
});
