import { Alert, Stack, Table, Text } from '@mantine/core';
import type { Quality, QualityIssue } from '../../../shared/contracts/api/import.ts';
import { counted, formatPercent, formatUnits } from '../format.ts';
import { inWords } from './import-words.ts';

/** What the rows of a file were worth: refused ones by rule, then what is worth a look. */
export function QualityTables({ quality }: { quality: Quality }) {
  const choices = quality.warnings.filter(({ rule }) => rule === 'style' || rule === 'encoding');
  const warnings = quality.warnings.filter((issue) => !choices.includes(issue));
  return (
    <Stack gap="sm">
      {quality.is_valid ? (
        <Alert color="teal" p="xs">
          No line was rejected.
        </Alert>
      ) : (
        <Alert color="red" p="xs">
          {counted(quality.invalid, 'line')} of {formatUnits(quality.total)} rejected (
          {formatPercent(quality.error_rate)}).
        </Alert>
      )}
      {quality.errors.length > 0 && <Issues title="Rejected, by reason" issues={quality.errors} />}
      {warnings.length > 0 && <Issues title="Recorded, but worth a look" issues={warnings} />}
      {choices.length > 0 && (
        <div>
          <Text fw={600} size="sm">
            How the file was read
          </Text>
          {choices.map(({ message }) => (
            <Text key={message} size="sm" className="words">
              {message}
            </Text>
          ))}
        </div>
      )}
    </Stack>
  );
}

function Issues({ title, issues }: { title: string; issues: readonly QualityIssue[] }) {
  return (
    <Table verticalSpacing={4} fz="sm" captionSide="top" aria-label={title}>
      <Table.Caption mt={0} mb={4} ta="left">
        <Text span fw={600} size="sm">
          {title}
        </Text>
      </Table.Caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>What</Table.Th>
          <Table.Th className="number">Lines</Table.Th>
          <Table.Th>First ones</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {issues.map(({ rule, field, message, count, lines }) => (
          <Table.Tr key={`${rule} ${field} ${message}`}>
            <Table.Td className="words">
              {field !== '' && <b>{field}: </b>}
              {message}
              <Text size="xs" c="dimmed">
                {inWords(rule)}
              </Text>
            </Table.Td>
            <Table.Td className="number">{formatUnits(count)}</Table.Td>
            <Table.Td className="words">{lines.join(', ')}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
