import { Anchor, SimpleGrid, Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ImportFormats } from '../../../shared/contracts/api/import.ts';
import { get } from '../api.ts';
import { Loaded } from '../loaded.tsx';
import { inWords } from './import-words.ts';

export const useFormats = (isWanted = true) =>
  useQuery({
    queryKey: ['import-formats'],
    queryFn: () => get<ImportFormats>('/imports/formats'),
    staleTime: Number.POSITIVE_INFINITY,
    enabled: isWanted,
  });

/** Which files are known, folded away until somebody asks. */
export function AcceptedFormats() {
  const [isOpen, setIsOpen] = useState(false);
  const formats = useFormats(isOpen);
  return (
    <div>
      <Text size="sm" c="dimmed">
        Plain or gzip. A file is recognised by its headers, whatever its name; one that nobody knows can be
        mapped.{' '}
        <Anchor
          component="button"
          type="button"
          fz="sm"
          aria-expanded={isOpen}
          onClick={() => setIsOpen(!isOpen)}
        >
          {isOpen ? 'Hide the formats' : 'Which files are known?'}
        </Anchor>
      </Text>
      {isOpen && (
        <Loaded query={formats} height={200}>
          {(data) => <Known formats={data} />}
        </Loaded>
      )}
    </div>
  );
}

function Known({ formats: { templates, other_systems } }: { formats: ImportFormats }) {
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} mt="sm">
      <Stack gap={4}>
        <Text fw={600} size="sm">
          Our templates: these columns, in any order
        </Text>
        <Table verticalSpacing={3} fz="xs">
          <Table.Tbody>
            {templates.map(({ name, required, optional }) => (
              <Table.Tr key={name}>
                <Table.Th scope="row">{inWords(name)}</Table.Th>
                <Table.Td className="words">
                  {required.join(', ')}
                  {optional.length > 0 && (
                    <Text span inherit c="dimmed">{`; if known ${optional.join(', ')}`}</Text>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Stack>
      <Stack gap={4}>
        <Text fw={600} size="sm">
          Exports of other systems: shown by these columns
        </Text>
        <Table verticalSpacing={3} fz="xs">
          <Table.Tbody>
            {other_systems.map(({ name, signatures }) => (
              <Table.Tr key={name}>
                <Table.Th scope="row">{inWords(name)}</Table.Th>
                <Table.Td className="words">{signatures[0]?.join(', ')}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Stack>
    </SimpleGrid>
  );
}
