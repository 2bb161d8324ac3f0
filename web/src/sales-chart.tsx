import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { SalesTrends } from '../../shared/contracts/api/page.ts';
import { get } from './api.ts';
import { Chart } from './chart.tsx';
import { formatDay, formatUnits } from './format.ts';
import { Loaded } from './loaded.tsx';

/** As high as the forecast beside it, with what is written there. */
const HEIGHT = 290;

/** Revenue of each week of the last year. */
export function SalesChart() {
  const trends = useQuery({
    queryKey: ['sales-trends'],
    queryFn: () => get<SalesTrends>('/analytics/sales-trends?period=weekly&days=365'),
  });
  return (
    <Loaded query={trends} height={HEIGHT}>
      {({ trends: weeks }) =>
        weeks.length === 0 ? <Text c="dimmed">No sales yet.</Text> : <Bars weeks={weeks} />
      }
    </Loaded>
  );
}

function Bars({ weeks }: { weeks: SalesTrends['trends'] }) {
  const option = useMemo(
    () => ({
      grid: { left: 64, right: 16, top: 12, bottom: 28 },
      tooltip: { trigger: 'axis', valueFormatter: (value: number) => formatUnits(value) },
      xAxis: { type: 'category', data: weeks.map((week) => formatDay(week.period)) },
      yAxis: { type: 'value', axisLabel: { formatter: (value: number) => formatUnits(value) } },
      series: [
        {
          name: 'revenue',
          type: 'bar',
          data: weeks.map((week) => Number(week.total_sales)),
          itemStyle: { color: '#1098ad', borderRadius: [3, 3, 0, 0] },
        },
      ],
    }),
    [weeks],
  );
  return <Chart option={option} height={HEIGHT} label={`Revenue of ${weeks.length} weeks`} />;
}
