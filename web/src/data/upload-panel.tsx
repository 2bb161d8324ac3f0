import {
  Alert,
  Button,
  Checkbox,
  CloseButton,
  FileButton,
  Group,
  Progress,
  Stack,
  Text,
} from '@mantine/core';
import { type DragEvent, useEffect, useState } from 'react';
import { formatBytes } from '../format.ts';
import { AcceptedFormats } from './accepted-formats.tsx';
import type { Upload, Uploads } from './use-uploads.ts';

const ENDINGS = '.csv,.tsv,.txt,.gz,text/csv';

/** Takes files by button or by dropping them, and shows them on their way. */
export function UploadPanel({ uploads }: { uploads: Uploads }) {
  const [dryRun, setDryRun] = useState(false);
  const [isOver, setIsOver] = useState(false);
  useEffect(() => {
    // a file that misses the place would replace the page
    const stay = (event: Event) => event.preventDefault();
    const kinds = ['dragover', 'drop'];
    for (const kind of kinds) window.addEventListener(kind, stay);
    return () => {
      for (const kind of kinds) window.removeEventListener(kind, stay);
    };
  }, []);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setIsOver(false);
    uploads.add([...event.dataTransfer.files], dryRun);
  };
  return (
    <Stack gap="sm">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: whoever cannot drop has the button within */}
      <div
        className="drop"
        data-over={isOver || undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setIsOver(true);
        }}
        onDragLeave={() => setIsOver(false)}
        onDrop={drop}
      >
        <Group gap="sm" justify="center">
          <FileButton accept={ENDINGS} multiple onChange={(files) => uploads.add(files, dryRun)}>
            {(props) => <Button {...props}>Choose CSV files</Button>}
          </FileButton>
          <Text c="dimmed">or drop them here</Text>
        </Group>
        <Checkbox
          label="Only try: check the file and report, but write nothing"
          checked={dryRun}
          onChange={(event) => setDryRun(event.currentTarget.checked)}
        />
      </div>
      {uploads.list.map((upload) => (
        <OnItsWay key={upload.no} upload={upload} onRemove={() => uploads.remove(upload)} />
      ))}
      <AcceptedFormats />
    </Stack>
  );
}

function OnItsWay({ upload, onRemove }: { upload: Upload; onRemove: () => void }) {
  const { file, phase, sent, problem, dryRun } = upload;
  const share = file.size === 0 ? 0 : (100 * sent) / file.size;
  if (phase === 'failed')
    return (
      <Alert color="red" title={`${file.name} was not sent`} withCloseButton onClose={onRemove}>
        {problem}
      </Alert>
    );
  const what = {
    queued: 'waits for its turn',
    sending: `${formatBytes(sent)} of ${formatBytes(file.size)} sent`,
    arrived: 'has arrived; its import begins in a moment',
    late: 'has arrived, but its import has not begun: it will be in the list once it does',
  }[phase];
  return (
    <div>
      <Group gap="xs" wrap="nowrap">
        <Text size="sm" className="words" style={{ flex: 1 }}>
          <b>{file.name}</b> {dryRun && '(trial) '}
          {what}
        </Text>
        <CloseButton
          size="sm"
          aria-label={`${phase === 'sending' || phase === 'queued' ? 'Stop sending' : 'Hide'} ${file.name}`}
          onClick={onRemove}
        />
      </Group>
      <Progress
        value={share}
        size="sm"
        animated={phase === 'arrived'}
        aria-label={`Sent of ${file.name}`}
        mt={4}
      />
    </div>
  );
}
