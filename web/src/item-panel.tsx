import { Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ForecastDetail, Suggestion } from '../../shared/contracts/api/page.ts';
import { get } from './api.ts';
import { ForecastChart } from './forecast-chart.tsx';
import { formatNumber } from './format.ts';
import { Loaded } from './loaded.tsx';

/** The forecast behind a suggestion, the reason in words, and every number with its source. */
export function ItemPanel({ suggestion }: { suggestion: Suggestion | undefined }) {
  const forecast = useQuery({
    queryKey: ['forecast', suggestion?.product_id, suggestion?.location_id],
    queryFn: () =>
      get<ForecastDetail>(
        `/forecasts/${encodeURIComponent(suggestion!.product_id)}?location_id=${encodeURIComponent(suggestion!.location_id)}`,
      ),
    enabled: suggestion !== undefined,
  });
  if (!suggestion)
    return <Text c="dimmed">Choose a suggestion to see the forecast and the numbers behind it.</Text>;
  return (
    <Stack gap="sm">
      <Loaded query={forecast} height={240}>
        {(data) => <ForecastChart detail={data} />}
      </Loaded>
      <Text size="sm">{suggestion.explanation.text}</Text>
      <Numbers explanation={suggestion.explanation} />
    </Stack>
  );
}

function Numbers({ explanation }: { explanation: Suggestion['explanation'] }) {
  const rows = [
    ...Object.entries(explanation.inputs).map(([name, { value, source }]) => ({ name, value, why: source })),
    ...Object.entries(explanation.results).map(([name, { value, formula }]) => ({
      name,
      value,
      why: formula,
    })),
  ];
  return (
    <Table verticalSpacing={3} fz="xs">
      <Table.Tbody>
        {rows.map(({ name, value, why }) => (
          <Table.Tr key={name}>
            <Table.Td>{name.replaceAll('_', ' ')}</Table.Td>
            <Table.Td className="number">{typeof value === 'number' ? formatNumber(value) : value}</Table.Td>
            <Table.Td c="dimmed">{why}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
