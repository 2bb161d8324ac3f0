import { Progress, Text } from '@mantine/core';
import type { ImportDetail } from '../../../shared/contracts/api/import.ts';
import { counted, formatUnits } from '../format.ts';
import { fileName } from './import-words.ts';
import { useImport } from './use-imports.ts';

/** How far an import is that runs or is taken back. */
export function Running({ detail }: { detail: ImportDetail }) {
  return (
    <div role="status">
      <Bar detail={detail} />
      <Text size="sm" mt={4}>
        {wordsOf(detail)}
      </Text>
    </div>
  );
}

/** The same for a row of the list, which does not know it by itself. */
export function RunningRow({ id }: { id: string }) {
  const { query } = useImport(id);
  return query.data ? <Bar detail={query.data} /> : null;
}

function Bar({ detail: { progress, status, object_key } }: { detail: ImportDetail }) {
  const isMeasured = status === 'running' && progress !== null && progress.bytes_total > 0;
  const share = isMeasured ? Math.floor((100 * progress.bytes_done) / progress.bytes_total) : 100;
  return (
    <Progress.Root mt={4}>
      <Progress.Section
        value={share}
        animated
        {...(!isMeasured && { 'aria-valuetext': 'not known' })}
        aria-label={`How far ${fileName(object_key)} is`}
      />
    </Progress.Root>
  );
}

function wordsOf({ progress, status }: ImportDetail): string {
  if (status === 'queued') return 'It waits for its turn.';
  if (status === 'undoing' || !progress) return 'Movements are being reversed, the newest first.';
  if (progress.stage === 'surveying') return 'The file is looked through.';
  return `${counted(progress.rows_done, 'line')} done, ${formatUnits(progress.rows_per_second)} a second.`;
}
