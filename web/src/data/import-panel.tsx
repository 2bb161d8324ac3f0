import { Alert, Badge, Button, Group, Loader, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { ImportDetail } from '../../../shared/contracts/api/import.ts';
import { get, post } from '../api.ts';
import { counted, formatBytes, formatDay, formatTime, formatUnits } from '../format.ts';
import { Loaded } from '../loaded.tsx';
import { Panel } from '../panel.tsx';
import { StatusBadge } from './import-list.tsx';
import { fileName, inWords, isMoving, isUnknown, reasonOf, STATUS_MEANING } from './import-words.ts';
import { MappingForm } from './mapping-form.tsx';
import { QualityTables } from './quality-tables.tsx';
import { RetryForm } from './retry-form.tsx';
import { Running } from './running.tsx';
import { UndoDialog } from './undo-dialog.tsx';
import { useImport } from './use-imports.ts';

interface ImportPanelProps {
  readonly id: string | undefined;
  /** Whether this user may import, map and undo. */
  readonly mayKeep: boolean;
  readonly onChoose: (id: string) => void;
}

/** The report of the chosen import, and what can be done about it. */
export function ImportPanel({ id, mayKeep, onChoose }: ImportPanelProps) {
  if (id === undefined)
    return (
      <Panel title="Report">
        <Text c="dimmed">Choose an import to see what became of its lines.</Text>
      </Panel>
    );
  return <Report id={id} mayKeep={mayKeep} onChoose={onChoose} />;
}

function Report({ id, mayKeep, onChoose }: ImportPanelProps & { readonly id: string }) {
  const { query, isExpecting, expect } = useImport(id);
  const title = query.data ? fileName(query.data.object_key) : 'Report';
  return (
    <Panel title={title} aside={query.data && <StatusBadge status={query.data.status} />}>
      <Loaded query={query} height={320}>
        {(detail) => (
          <Stack gap="sm">
            <Facts detail={detail} />
            <Earlier detail={detail} onChoose={onChoose} />
            {isExpecting && (
              <Group gap="xs" role="status">
                <Loader size="xs" />
                <Text size="sm">Asked for; it begins in a moment.</Text>
              </Group>
            )}
            {isMoving(detail) && <Running detail={detail} />}
            {detail.status === 'failed' && (
              <Alert color="red" title="This file was not imported">
                {reasonOf(detail.detail ?? '')}
              </Alert>
            )}
            {detail.quality && <QualityTables quality={detail.quality} />}
            {!isMoving(detail) && detail.rejects && <RejectsButton rejects={detail.rejects} />}
            {mayKeep && !isExpecting && <Actions detail={detail} onAsked={expect} />}
          </Stack>
        )}
      </Loaded>
    </Panel>
  );
}

function Facts({ detail }: { detail: ImportDetail }) {
  const { status, total_rows: total, first_date: first, last_date: last } = detail;
  const shares: [number, string][] = [
    [detail.imported_rows, 'imported'],
    [detail.duplicate_rows, 'known already'],
    [detail.excluded_rows, 'neither stock nor demand'],
    [detail.rejected_rows, 'rejected'],
  ];
  const lines = shares.flatMap(([rows, what]) => (rows > 0 ? [`${formatUnits(rows)} ${what}`] : []));
  return (
    <div>
      {STATUS_MEANING[status] && <Text size="sm">{STATUS_MEANING[status]}</Text>}
      {total > 0 && (
        <Text size="sm">
          {counted(total, 'line')}: {lines.join(', ')}.
          {detail.shortages > 0 &&
            ` ${counted(detail.shortages, 'line')} took more than there was: booked as a shortage.`}
        </Text>
      )}
      {(status === 'done' || status === 'undone') && detail.detail && <Text size="sm">{detail.detail}</Text>}
      <Text size="xs" c="dimmed" className="words">
        {[
          detail.format && inWords(detail.format),
          formatBytes(detail.object_size),
          detail.encoding,
          first && last && (first === last ? formatDay(first) : `${formatDay(first)} to ${formatDay(last)}`),
          `begun ${formatTime(detail.started_at)}`,
          detail.finished_at && `ended ${formatTime(detail.finished_at)}`,
        ]
          .filter(Boolean)
          .join(' · ')}
      </Text>
      {detail.undone_by && (
        <Text size="sm">
          Taken back by {detail.undone_by}
          {detail.undone_at && `, ${formatTime(detail.undone_at)}`}: {detail.undo_reason}
        </Text>
      )}
      {detail.is_dry_run && status !== 'checked' && (
        <Badge variant="light" color="gray">
          trial
        </Badge>
      )}
    </div>
  );
}

/** Leads from a file that came twice to the import of the first. */
function Earlier({ detail, onChoose }: Pick<ImportPanelProps, 'onChoose'> & { detail: ImportDetail }) {
  const earlier = detail.status === 'duplicate' && /import ([\w-]{22})\b/.exec(detail.detail ?? '')?.[1];
  if (!earlier) return null;
  return (
    <Button variant="default" size="xs" style={{ alignSelf: 'flex-start' }} onClick={() => onChoose(earlier)}>
      Show that import
    </Button>
  );
}

function RejectsButton({ rejects }: { rejects: string }) {
  const fetchLink = useMutation({
    mutationFn: () => get<{ url: string }>(rejects),
    onSuccess: ({ url }) => {
      const link = document.createElement('a');
      link.href = url;
      link.click();
    },
  });
  return (
    <>
      <Button
        variant="default"
        size="xs"
        style={{ alignSelf: 'flex-start' }}
        loading={fetchLink.isPending}
        onClick={() => fetchLink.mutate()}
      >
        Download the rejected rows
      </Button>
      {fetchLink.error && <Alert color="red">{fetchLink.error.message}</Alert>}
    </>
  );
}

/** What may be done in this state: map, read again, import for good, take back. */
function Actions({ detail, onAsked }: { detail: ImportDetail; onAsked: () => void }) {
  const [isUndoing, setIsUndoing] = useState(false);
  const forGood = useMutation({
    mutationFn: () => post(`/imports/${detail.id}/retry`, { ...detail.options, dry_run: false }),
    onSuccess: onAsked,
  });
  if (isUnknown(detail)) return <MappingForm detail={detail} onAsked={onAsked} />;
  return (
    <>
      {detail.status === 'checked' && (
        <Button loading={forGood.isPending} onClick={() => forGood.mutate()}>
          Import for good
        </Button>
      )}
      {forGood.error && <Alert color="red">{forGood.error.message}</Alert>}
      {(detail.status === 'checked' || detail.status === 'failed') && (
        <RetryForm detail={detail} onAsked={onAsked} />
      )}
      {detail.status === 'done' && (
        <Button
          variant="light"
          color="red"
          size="xs"
          style={{ alignSelf: 'flex-start' }}
          onClick={() => setIsUndoing(true)}
        >
          Take this import back
        </Button>
      )}
      {isUndoing && <UndoDialog detail={detail} onClose={() => setIsUndoing(false)} onAsked={onAsked} />}
    </>
  );
}
