import { Alert, Button, Group, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type * as z from 'zod';
import type { Retraining } from '../../../shared/contracts/api/planning.ts';
import { post } from '../api.ts';

/** Asks for models that know what was imported, for whoever does not want to wait until they are trained by themselves. */
export function TrainButton() {
  const train = useMutation({
    mutationFn: () => post<z.infer<typeof Retraining>>('/forecast/retrain-models'),
  });
  return (
    <>
      <Group gap="sm" mt="sm">
        <Button size="xs" variant="default" loading={train.isPending} onClick={() => train.mutate()}>
          Train the models anew
        </Button>
        <Text size="sm" c="dimmed" role="status" style={{ flex: 1, minWidth: 200 }}>
          {train.data?.message ??
            'Imports ask for a plan by themselves, and models that grow old are trained anew.'}
        </Text>
      </Group>
      {train.error && (
        <Alert color="red" mt="sm">
          {train.error.message}
        </Alert>
      )}
    </>
  );
}
