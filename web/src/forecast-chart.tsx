import { useComputedColorScheme } from '@mantine/core';
import { useMemo } from 'react';
import type { ForecastDetail } from '../../shared/contracts/api/page.ts';
import { Chart } from './chart.tsx';
import { formatDay, formatNumber } from './format.ts';

/** Ink of the lines on light and on dark paper. */
const INK = {
  light: { demand: '#495057', forecast: '#0b7285' },
  dark: { demand: '#ced4da', forecast: '#66d9e8' },
} as const;

type Known = ForecastDetail['history'][number];
/** A group's weeks do not say when its members were out of stock. */
type Week = Omit<Known, 'days_out_of_stock'> & Partial<Known>;

type Ahead = ForecastDetail['forecast'][number];
/** Orders go by what is expected, above the mean where demand is rare; of a group only its mean is known. */
type Point = Omit<Ahead, 'expected'> & Partial<Ahead>;

interface ForecastChartProps {
  readonly detail: { readonly history: readonly Week[]; readonly forecast: readonly Point[] };
  /** What it shows, in words. */
  readonly label: string;
}

/** History as a line over grey weeks that were out of stock, what is expected as a dashed one, and the band that holds 80 % and 95 % of the futures. */
export function ForecastChart({ detail, label }: ForecastChartProps) {
  const ink = INK[useComputedColorScheme('light')];
  const option = useMemo(() => {
    const dates = [...detail.history, ...detail.forecast].map((point) => formatDay(point.date));
    const past = detail.history.map((point) => point.quantity);
    const before = Array<null>(past.length).fill(null);
    const at = (level: string) => [
      ...before,
      ...detail.forecast.map((point) => point.quantiles[level] ?? null),
    ];
    return {
      grid: { left: 44, right: 12, top: 28, bottom: 24 },
      legend: { top: 0, data: ['demand', 'forecast'] },
      tooltip: {
        trigger: 'axis',
        valueFormatter: (value: number | null) => (value === null ? '' : formatNumber(value)),
      },
      xAxis: { type: 'category', data: dates, boundaryGap: false },
      yAxis: { type: 'value', min: 0 },
      series: [
        ...band('95 %', at('0.025'), at('0.975'), 0.15),
        ...band('80 %', at('0.1'), at('0.9'), 0.25),
        {
          name: 'demand',
          type: 'line',
          data: past,
          showSymbol: false,
          lineStyle: { color: ink.demand, width: 1.5 },
          itemStyle: { color: ink.demand },
          markArea: {
            silent: true,
            itemStyle: { color: ink.demand, opacity: 0.15 },
            data: stretchesOut(detail.history).map(([first, last]) => [{ xAxis: first }, { xAxis: last }]),
          },
        },
        {
          name: 'forecast',
          type: 'line',
          data: [...before, ...detail.forecast.map((point) => point.expected ?? point.mean)],
          showSymbol: false,
          lineStyle: { color: ink.forecast, type: 'dashed', width: 2 },
          itemStyle: { color: ink.forecast },
        },
      ],
    };
  }, [detail, ink]);
  return <Chart option={option} height={240} label={label} />;
}

/** Each stretch of weeks that were out of stock for a day or more: the place of the week before it, and of its last. */
function stretchesOut(history: readonly Week[]): [number, number][] {
  const stretches: [number, number][] = [];
  history.forEach(({ days_out_of_stock: days = 0 }, week) => {
    if (days === 0) return;
    const last = stretches.at(-1);
    if (last?.[1] === week - 1) last[1] = week;
    else stretches.push([Math.max(0, week - 1), week]);
  });
  return stretches;
}

/** A band is a stack: an invisible line at its lower edge, and the height above it filled. */
function band(name: string, low: (number | null)[], high: (number | null)[], opacity: number) {
  const edge = {
    type: 'line',
    stack: name,
    showSymbol: false,
    silent: true,
    lineStyle: { opacity: 0 },
    tooltip: { show: false },
  };
  return [
    { ...edge, data: low },
    {
      ...edge,
      name,
      data: high.map((value, i) => (value === null ? null : value - (low[i] ?? 0))),
      areaStyle: { color: '#15aabf', opacity },
    },
  ];
}
