import { Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { AsOf, LedgerMovement } from '../../../shared/contracts/api/ledger.ts';
import { get } from '../api.ts';
import { counted, formatTime, formatUnits } from '../format.ts';
import { Loaded } from '../loaded.tsx';
import { inWords } from './import-words.ts';

/** Movements shown beneath the answer. */
const SHOWN = 12;

/** What is asked of the ledger; an empty text is left to it. */
export interface LedgerQuestion {
  readonly product_id: string;
  readonly location_id: string;
  readonly effective_at: string;
  readonly known_at: string;
  /** Asking again is another question. */
  readonly no: number;
}

/** What was on hand, and the newest movements, each with whether it is part of that. */
export function LedgerAnswer({ question }: { question: LedgerQuestion }) {
  const { product_id, location_id, effective_at, known_at } = question;
  const asOf = useQuery({
    queryKey: ['as-of', question],
    queryFn: () =>
      get<AsOf>(`/ledger/as-of?${parameters({ product_id, location_id, effective_at, known_at })}`),
  });
  const ledger = useQuery({
    queryKey: ['ledger', question, asOf.data?.location_id],
    queryFn: () => {
      const asked = { product_id, location_id: asOf.data!.location_id, limit: String(SHOWN) };
      // the ledger's end is exclusive
      const end = effective_at && new Date(Date.parse(effective_at) + 1).toISOString();
      return get<{ data: LedgerMovement[] }>(`/ledger?${parameters({ ...asked, effective_to: end })}`);
    },
    enabled: asOf.data !== undefined,
  });
  return (
    <Loaded query={asOf} height={90}>
      {(answer) => (
        <Stack gap="sm">
          <div role="status">
            <Text fz={28} fw={600} lh={1.2} style={{ fontVariantNumeric: 'tabular-nums' }}>
              {formatUnits(answer.on_hand)} on hand
            </Text>
            <Text size="sm">
              {answer.product_id} at {answer.location_id} on {formatTime(answer.effective_at)}, as known on{' '}
              {formatTime(answer.known_at)} (UTC). The sum of {counted(answer.movements, 'movement')}
              {answer.newest_log_id !== null && `, the newest is number ${answer.newest_log_id}`}.
            </Text>
            {answer.by_location.length > 1 && (
              <Text size="sm" c="dimmed">
                {answer.by_location
                  .map((place) => `${place.location_id}: ${formatUnits(place.on_hand)}`)
                  .join(' · ')}
              </Text>
            )}
          </div>
          <Loaded query={ledger} height={200}>
            {({ data }) => <Movements movements={data} answer={answer} />}
          </Loaded>
        </Stack>
      )}
    </Loaded>
  );
}

function Movements({ movements, answer }: { movements: readonly LedgerMovement[]; answer: AsOf }) {
  if (movements.length === 0)
    return <Text c="dimmed">No movement of it there is recorded up to that time.</Text>;
  return (
    <Table verticalSpacing={4} fz="sm" captionSide="top" aria-label="Newest movements">
      <Table.Caption mt={0} mb={4} ta="left">
        <Text span fw={600} size="sm">
          Newest movements
        </Text>
        <Text span size="sm" c="dimmed">
          , as they were recorded; pale ones came later than the time known, and do not count
        </Text>
      </Table.Caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Movement</Table.Th>
          <Table.Th className="number">Change</Table.Th>
          <Table.Th>Happened</Table.Th>
          <Table.Th visibleFrom="sm">Recorded</Table.Th>
          <Table.Th visibleFrom="sm">By</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {movements.map((one) => {
          const isPart = one.recorded_at <= answer.known_at && one.effective_at <= answer.effective_at;
          return (
            <Table.Tr key={one.log_id} {...(!isPart && { c: 'dimmed', fs: 'italic' })}>
              <Table.Td className="words">
                {one.log_id} {inWords(one.type)}
                {!isPart && (
                  <Text span inherit>
                    {' '}
                    (later)
                  </Text>
                )}
                {one.reverses_log_id !== null && <Text size="xs">takes {one.reverses_log_id} back</Text>}
                {one.reversed_by_log_id !== null && (
                  <Text size="xs">taken back by {one.reversed_by_log_id}</Text>
                )}
                {one.reason && (
                  <Text size="xs" c="dimmed">
                    {one.reason}
                  </Text>
                )}
              </Table.Td>
              <Table.Td className="number">{signed(one.quantity_change)}</Table.Td>
              <Table.Td>{formatTime(one.effective_at)}</Table.Td>
              <Table.Td visibleFrom="sm">{formatTime(one.recorded_at)}</Table.Td>
              <Table.Td visibleFrom="sm" className="words">
                {one.actor}
              </Table.Td>
            </Table.Tr>
          );
        })}
      </Table.Tbody>
    </Table>
  );
}

const signed = (change: number): string => (change > 0 ? `+${formatUnits(change)}` : formatUnits(change));

const parameters = (all: Readonly<Record<string, string>>): string =>
  new URLSearchParams(Object.entries(all).filter(([, value]) => value !== '')).toString();
