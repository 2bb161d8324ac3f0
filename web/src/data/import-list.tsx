import { Badge, Group, Pagination, Table, Text, UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import type { ImportReport } from '../../../shared/contracts/api/planning.ts';
import { counted, formatTime, formatUnits } from '../format.ts';
import { Loaded } from '../loaded.tsx';
import { fileName, inWords, isMoving, STATUS_COLOUR } from './import-words.ts';
import { RunningRow } from './running.tsx';
import { IMPORTS_PAGE, useImportList } from './use-imports.ts';

interface Props {
  readonly chosen: string | undefined;
  readonly onChoose: (id: string) => void;
}

/** What was imported, newest first; choosing one shows its report. */
export function ImportList({ chosen, onChoose, isWaiting }: Props & { readonly isWaiting: boolean }) {
  const [page, setPage] = useState(1);
  const list = useImportList(page, isWaiting);
  return (
    <Loaded query={list} height={320}>
      {({ data, pagination: { total } }) =>
        total === 0 ? (
          <Text c="dimmed">Nothing was imported yet. The first file is where the books begin.</Text>
        ) : (
          <>
            <Rows rows={data} chosen={chosen} onChoose={onChoose} />
            <Group justify="space-between" mt="sm">
              <Text size="sm" c="dimmed">
                {counted(total, 'import')}, times in UTC
              </Text>
              {total > IMPORTS_PAGE && (
                <Pagination
                  size="sm"
                  value={page}
                  onChange={setPage}
                  getItemProps={(number) => ({ 'aria-label': `Page ${number} of the imports` })}
                  getControlProps={(control) => ({ 'aria-label': `${control} page of the imports` })}
                  total={Math.ceil(total / IMPORTS_PAGE)}
                />
              )}
            </Group>
          </>
        )
      }
    </Loaded>
  );
}

function Rows({ rows, chosen, onChoose }: Props & { readonly rows: readonly ImportReport[] }) {
  return (
    <Table highlightOnHover verticalSpacing={6} horizontalSpacing="xs">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>File</Table.Th>
          <Table.Th className="number">Imported</Table.Th>
          <Table.Th className="number" visibleFrom="sm" title="Recorded already with the same values">
            Known
          </Table.Th>
          <Table.Th className="number" visibleFrom="sm" title="Recorded, but neither stock nor demand">
            Left out
          </Table.Th>
          <Table.Th className="number">Rejected</Table.Th>
          <Table.Th className="number" visibleFrom="sm" title="Lines that took more than there was">
            Shortages
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) => (
          <Table.Tr
            key={row.id}
            className={row.id === chosen ? 'choosable chosen' : 'choosable'}
            onClick={() => onChoose(row.id)}
          >
            <Table.Td>
              <UnstyledButton fz="sm" fw={500} aria-pressed={row.id === chosen} className="words">
                {fileName(row.object_key)}
              </UnstyledButton>
              <Group gap={6}>
                <StatusBadge status={row.status} />
                <Text size="xs" c="dimmed">
                  {row.format && `${inWords(row.format)} · `}
                  {formatTime(row.started_at)}
                </Text>
              </Group>
              {isMoving(row) && <RunningRow id={row.id} />}
            </Table.Td>
            <Table.Td className="number">{formatUnits(row.imported_rows)}</Table.Td>
            <Table.Td className="number" visibleFrom="sm">
              {formatUnits(row.duplicate_rows)}
            </Table.Td>
            <Table.Td className="number" visibleFrom="sm">
              {formatUnits(row.excluded_rows)}
            </Table.Td>
            <Table.Td className="number" {...(row.rejected_rows > 0 && { c: 'red' })}>
              {formatUnits(row.rejected_rows)}
            </Table.Td>
            <Table.Td className="number" visibleFrom="sm">
              {formatUnits(row.shortages)}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** The state of an import as a coloured word. */
export function StatusBadge({ status }: { status: string }) {
  return (
    <Badge size="sm" variant="light" color={STATUS_COLOUR[status] ?? 'gray'}>
      {status}
    </Badge>
  );
}
