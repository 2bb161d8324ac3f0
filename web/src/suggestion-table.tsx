import { Group, Pagination, ScrollArea, Table, Text, UnstyledButton } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Suggestion } from '../../shared/contracts/api/page.ts';
import { get } from './api.ts';
import { formatDay, formatMoney, formatUnits } from './format.ts';
import { Loaded } from './loaded.tsx';

const PAGE = 12;

interface Page {
  readonly data: Suggestion[];
  readonly pagination: { readonly total: number };
}

interface Props {
  readonly chosen: Suggestion | undefined;
  readonly onChoose: (suggestion: Suggestion) => void;
}

/** Open suggestions, the most urgent first; choosing one shows why. */
export function SuggestionTable({ chosen, onChoose }: Props) {
  const [page, setPage] = useState(1);
  const list = useQuery({
    queryKey: ['suggestions', page],
    queryFn: () => get<Page>(`/suggestions?status=open&skip=${(page - 1) * PAGE}&limit=${PAGE}`),
    placeholderData: keepPreviousData,
  });
  const first = list.data?.data[0];
  useEffect(() => {
    if (!chosen && first) onChoose(first);
  }, [chosen, first, onChoose]);
  return (
    <Loaded query={list} height={480}>
      {({ data, pagination }) =>
        pagination.total === 0 ? (
          <Text c="dimmed">Nothing to order: every position covers its lead time.</Text>
        ) : (
          <>
            <ScrollArea>
              <Rows rows={data} chosen={chosen} onChoose={onChoose} />
            </ScrollArea>
            <Group justify="space-between" mt="sm">
              <Text size="sm" c="dimmed">
                {formatUnits(pagination.total)} suggestions
              </Text>
              <Pagination
                size="sm"
                value={page}
                onChange={setPage}
                getItemProps={(number) => ({ 'aria-label': `Page ${number} of the suggestions` })}
                getControlProps={(control) => ({ 'aria-label': `${control} page of the suggestions` })}
                total={Math.ceil(pagination.total / PAGE)}
              />
            </Group>
          </>
        )
      }
    </Loaded>
  );
}

function Rows({ rows, chosen, onChoose }: Props & { readonly rows: readonly Suggestion[] }) {
  return (
    <Table highlightOnHover verticalSpacing={6} horizontalSpacing="xs">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Product</Table.Th>
          <Table.Th visibleFrom="sm">Supplier</Table.Th>
          <Table.Th className="number">Position</Table.Th>
          <Table.Th className="number">Order</Table.Th>
          <Table.Th className="number">Cost</Table.Th>
          <Table.Th visibleFrom="sm">Order by</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) => (
          <Table.Tr
            key={row.suggestion_id}
            className={row.suggestion_id === chosen?.suggestion_id ? 'choosable chosen' : 'choosable'}
            onClick={() => onChoose(row)}
          >
            <Table.Td>
              <UnstyledButton fz="sm" fw={500} aria-pressed={row.suggestion_id === chosen?.suggestion_id}>
                <Text span inherit lh={1.3} lineClamp={2}>
                  {row.product_name}
                </Text>
              </UnstyledButton>
              <Text size="xs" c="dimmed">
                {row.product_id}
                {row.explanation.confidence === 'low' && ' · low confidence'}
                {row.edited_by !== null && ` · edited by ${row.edited_by}`}
              </Text>
            </Table.Td>
            <Table.Td visibleFrom="sm">
              <Text size="sm" lineClamp={1}>
                {row.kind === 'transfer' ? `transfer from ${row.from_location}` : row.supplier_name}
              </Text>
            </Table.Td>
            <Table.Td className="number">{formatUnits(positionOf(row))}</Table.Td>
            <Table.Td className="number">{formatUnits(row.quantity)}</Table.Td>
            <Table.Td className="number">{formatMoney(row.cost)}</Table.Td>
            <Table.Td visibleFrom="sm" style={{ whiteSpace: 'nowrap' }}>
              {formatDay(row.order_by)}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

const positionOf = ({ explanation }: Suggestion): number =>
  Number(explanation.numbers.find(({ name }) => name === 'position')?.value);
