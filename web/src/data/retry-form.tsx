import { Alert, Button, Checkbox, Fieldset, Stack } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { ImportDetail } from '../../../shared/contracts/api/import.ts';
import { post } from '../api.ts';
import { choiceOf, ReadingFields, readingOf } from './reading-choice.tsx';

/** Reads a file once more, in another way if somebody says so. */
export function RetryForm({ detail, onAsked }: { detail: ImportDetail; onAsked: () => void }) {
  const [choice, setChoice] = useState(() => choiceOf(detail.options));
  const [dryRun, setDryRun] = useState(detail.is_dry_run);
  const retry = useMutation({
    mutationFn: () => post(`/imports/${detail.id}/retry`, { ...readingOf(choice), dry_run: dryRun }),
    onSuccess: onAsked,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    retry.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Fieldset legend="Read it again" variant="filled" p="sm">
        <Stack gap="sm">
          <ReadingFields choice={choice} onChange={setChoice} />
          <Checkbox
            size="xs"
            label="Only try, write nothing"
            checked={dryRun}
            onChange={(event) => setDryRun(event.currentTarget.checked)}
          />
          {retry.error && <Alert color="red">{retry.error.message}</Alert>}
          <Button
            type="submit"
            size="xs"
            variant="light"
            loading={retry.isPending}
            style={{ alignSelf: 'flex-start' }}
          >
            Read again
          </Button>
        </Stack>
      </Fieldset>
    </form>
  );
}
