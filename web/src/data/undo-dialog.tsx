import { Alert, Button, Group, List, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { ImportDetail } from '../../../shared/contracts/api/import.ts';
import { post } from '../api.ts';
import { counted } from '../format.ts';
import { fileName } from './import-words.ts';

/** As short as a reason may be. */
const SHORTEST = 3;

interface UndoDialogProps {
  readonly detail: ImportDetail;
  readonly onClose: () => void;
  readonly onAsked: () => void;
}

/** Says what taking an import back does, and asks why. */
export function UndoDialog({ detail, onClose, onAsked }: UndoDialogProps) {
  const [reason, setReason] = useState('');
  const undo = useMutation({
    mutationFn: () => post(`/imports/${detail.id}/undo`, { reason: reason.trim() }),
    onSuccess: () => {
      onAsked();
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    undo.mutate();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Take ${fileName(detail.object_key)} back?`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form onSubmit={submit}>
        <Stack gap="sm">
          <List size="sm" spacing={4}>
            <List.Item>
              Every movement of its {counted(detail.imported_rows, 'imported line')} gets a linked reversal:
              stock and demand are as if it had not been. Nothing is deleted, the ledger shows both.
            </List.Item>
            <List.Item>
              What it told of products, prices, suppliers, customers, sellers, locations and signals stays.
            </List.Item>
            <List.Item>It cannot be redone, but the file may be imported again.</List.Item>
          </List>
          <TextInput
            label="Reason"
            description="It is kept with every reversal."
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            minLength={SHORTEST}
            maxLength={200}
            required
            data-autofocus
          />
          {undo.error && <Alert color="red">{undo.error.message}</Alert>}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Keep it
            </Button>
            <Button
              type="submit"
              color="red"
              loading={undo.isPending}
              disabled={reason.trim().length < SHORTEST}
            >
              Take it back
            </Button>
          </Group>
          <Text size="xs" c="dimmed">
            Plans made since are not changed; the next plan knows.
          </Text>
        </Stack>
      </form>
    </Modal>
  );
}
