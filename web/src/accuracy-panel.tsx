import { SegmentedControl, Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ForecastAccuracy } from '../../shared/contracts/api/accuracy.ts';
import { get } from './api.ts';
import { formatDay, formatPercent, formatUnits } from './format.ts';
import { Loaded } from './loaded.tsx';

/** Weeks ahead that can be looked at: the next one, a month, a quarter. */
const LAGS = [1, 4, 13] as const;

/** How far forecasts of each category were off, beside a forecast that costs nothing; bucket, level and lag are said. */
export function AccuracyPanel() {
  const [lag, setLag] = useState<number>(LAGS[0]);
  const accuracy = useQuery({
    queryKey: ['accuracy', lag],
    queryFn: () => get<ForecastAccuracy>(`/analytics/forecast-accuracy?by=category&lag=${lag}`),
  });
  return (
    <Stack gap="sm">
      <SegmentedControl
        size="xs"
        aria-label="Weeks ahead"
        value={String(lag)}
        onChange={(value) => setLag(Number(value))}
        data={LAGS.map((weeks) => ({ value: String(weeks), label: `${inWeeks(weeks)} ahead` }))}
        style={{ alignSelf: 'flex-start' }}
      />
      <Loaded query={accuracy} height={160}>
        {(data) =>
          data.rows.length === 0 ? (
            <Text c="dimmed">
              No closed week yet: a forecast is judged when its week is over, and none made {inWeeks(lag)}{' '}
              ahead has come so far.
            </Text>
          ) : (
            <Errors accuracy={data} />
          )
        }
      </Loaded>
    </Stack>
  );
}

function Errors({
  accuracy: { rows, weeks, lag, first_week_end, last_week_end },
}: {
  accuracy: ForecastAccuracy;
}) {
  return (
    <>
      <Text size="xs" c="dimmed">
        Bucket: week. Level: each product at each location, errors added up. Lag: forecast {inWeeks(lag.from)}{' '}
        ahead. {weeks} closed {weeks === 1 ? 'week' : 'weeks'}, ended {formatDay(first_week_end!)}
        {weeks > 1 && ` to ${formatDay(last_week_end!)}`}. Error is the sum of absolute errors over units
        sold; naive is the same week a year before, for a series younger than that its last week.
      </Text>
      <Table horizontalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Category</Table.Th>
            <Table.Th className="number" visibleFrom="sm">
              Units sold
            </Table.Th>
            <Table.Th className="number">Error</Table.Th>
            <Table.Th className="number">Naive</Table.Th>
            <Table.Th className="number">Bias</Table.Th>
            <Table.Th className="number" visibleFrom="sm">
              In 80 % interval
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.group}>
              <Table.Td>{row.group}</Table.Td>
              <Table.Td className="number" visibleFrom="sm">
                {formatUnits(row.actual)}
              </Table.Td>
              <Table.Td className="number" fw={600}>
                {formatPercent(row.wape)}
              </Table.Td>
              <Table.Td className="number">{formatPercent(row.naive_wape)}</Table.Td>
              <Table.Td className="number">{formatPercent(row.bias, 'signed')}</Table.Td>
              <Table.Td className="number" visibleFrom="sm">
                {formatPercent(row.coverage80)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Text size="xs" c="dimmed">
        A positive bias is over-forecast.
      </Text>
    </>
  );
}

const inWeeks = (weeks: number): string => (weeks === 1 ? '1 week' : `${weeks} weeks`);
