import { NativeSelect, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { GroupDetail, GroupSummary } from '../../shared/contracts/api/group-forecast.ts';
import { get } from './api.ts';
import { ForecastChart } from './forecast-chart.tsx';
import { formatNumber, formatUnits } from './format.ts';
import { Loaded } from './loaded.tsx';

const ALL = 'All products';
/** More categories than anyone scrolls through. */
const MOST_SHOWN = 200;

/** What all products together are expected to sell, or one category. */
export function GroupForecast() {
  const [category, setCategory] = useState('');
  const groups = useQuery({
    queryKey: ['forecast-groups'],
    queryFn: () => get<{ data: GroupSummary[] }>(`/forecast-groups?limit=${MOST_SHOWN + 1}`),
  });
  const asked = category === '' ? '' : `?category=${encodeURIComponent(category)}`;
  const isPlanned = (groups.data?.data.length ?? 0) > 0;
  const outlook = useQuery({
    queryKey: ['forecast-groups', category],
    queryFn: () => get<GroupDetail>(`/forecast-groups/outlook${asked}`),
    enabled: isPlanned,
  });
  return (
    <Loaded query={groups} height={290}>
      {({ data }) =>
        isPlanned ? (
          <Stack gap="xs">
            <Categories groups={data} chosen={category} onChoose={setCategory} />
            <Loaded query={outlook} height={240}>
              {(detail) => <Shown detail={detail} />}
            </Loaded>
          </Stack>
        ) : (
          <Text c="dimmed">No forecast yet.</Text>
        )
      }
    </Loaded>
  );
}

interface CategoriesProps {
  readonly groups: readonly GroupSummary[];
  readonly chosen: string;
  readonly onChoose: (category: string) => void;
}

/** Nothing to choose from where there is one category, which is all products. */
function Categories({ groups, chosen, onChoose }: CategoriesProps) {
  const categories = groups.filter(({ level }) => level === 'category');
  if (categories.length < 2) return null;
  return (
    <NativeSelect
      aria-label="Category"
      size="xs"
      value={chosen}
      onChange={(event) => onChoose(event.currentTarget.value)}
      data={[{ value: '', label: ALL }, ...categories.map(({ key }) => ({ value: key, label: key }))]}
    />
  );
}

function Shown({ detail }: { detail: GroupDetail }) {
  const { key, horizon, total } = detail;
  const name = key === '' ? ALL : key;
  return (
    <>
      <ForecastChart
        detail={detail}
        label={`Forecast of ${name}: ${formatNumber(total.mean)} units in ${horizon} weeks`}
      />
      <Text size="sm">
        {formatUnits(total.mean)} units in {horizon} weeks; with 95 % probability {formatUnits(total.low95)}{' '}
        to {formatUnits(total.high95)}.
      </Text>
    </>
  );
}
