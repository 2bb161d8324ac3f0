import { Alert, Button, Skeleton } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';

interface LoadedProps<T> {
  readonly query: UseQueryResult<T>;
  /** Height of what is coming, so that nothing jumps. */
  readonly height: number;
  readonly children: (data: T) => ReactNode;
}

/** Shows a placeholder while loading, the reason when it failed, else the data. */
export function Loaded<T>({ query, height, children }: LoadedProps<T>) {
  if (query.data !== undefined) return children(query.data);
  if (query.isPending) return <Skeleton h={height} />;
  return (
    <Alert color="red" title="This could not be loaded">
      {query.error?.message}
      <Button size="xs" variant="light" color="red" mt="xs" display="block" onClick={() => query.refetch()}>
        Try again
      </Button>
    </Alert>
  );
}
