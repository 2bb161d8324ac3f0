import { Anchor, Badge, Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ForecastDetail, Suggestion } from '../../shared/contracts/api/page.ts';
import { get } from './api.ts';
import { ForecastChart } from './forecast-chart.tsx';
import { formatNumber } from './format.ts';
import { Loaded } from './loaded.tsx';
import { stockAddress } from './use-place.ts';

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
        {(data) => (
          <>
            {data.confidence === 'low' && (
              <Badge color="yellow" variant="light" title={data.low_confidence?.words}>
                low confidence
              </Badge>
            )}
            <ForecastChart
              detail={data}
              label={`${data.product_id}: ${data.history.length} weeks of demand, ${formatNumber(data.total.expected)} units expected`}
            />
            {data.live?.speaks === 'online' && <Text size="sm">{data.live.why}</Text>}
          </>
        )}
      </Loaded>
      <Text size="sm">{suggestion.explanation.words}</Text>
      <Anchor size="sm" href={stockAddress(suggestion.product_id, suggestion.location_id)}>
        Movements behind its stock
      </Anchor>
      <Numbers explanation={suggestion.explanation} />
    </Stack>
  );
}

function Numbers({ explanation }: { explanation: Suggestion['explanation'] }) {
  return (
    <Table verticalSpacing={3} fz="xs">
      <Table.Tbody>
        {explanation.numbers.map(({ name, value, unit, from }) => (
          <Table.Tr key={name}>
            <Table.Td>{inWords(name)}</Table.Td>
            <Table.Td className="number">{typeof value === 'number' ? formatNumber(value) : value}</Table.Td>
            <Table.Td c="dimmed" className="source">
              {unit}: {from}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** `orderUpTo` -> `order up to` */
const inWords = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
