import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { ImportDetail } from '../../../shared/contracts/api/import.ts';
import type { ImportReport } from '../../../shared/contracts/api/planning.ts';
import { get } from '../api.ts';
import { isMoving } from './import-words.ts';

export const IMPORTS_PAGE = 12;
const POLL_MS = 1_000;
/** How long something that was asked for is looked out for. */
const PATIENCE_MS = 3 * 60_000;

export interface ImportPage {
  readonly data: readonly ImportReport[];
  readonly pagination: { readonly total: number };
}

/** One page of the imports, newest first; asked for every second while one runs or is waited for. */
export const useImportList = (page: number, isWaiting: boolean) =>
  useQuery({
    queryKey: ['imports', 'list', page],
    queryFn: () => get<ImportPage>(`/imports?skip=${(page - 1) * IMPORTS_PAGE}&limit=${IMPORTS_PAGE}`),
    refetchInterval: ({ state }) => (isWaiting || state.data?.data.some(isMoving) ? POLL_MS : false),
  });

/** State and end of an import: when they are others, something has happened. */
const markOf = ({ status, finished_at }: ImportDetail): string => `${status} ${finished_at}`;

/** One import; asked for every second while it runs, or after `expect` until what was asked of it has begun. */
export function useImport(id: string) {
  const queries = useQueryClient();
  const [expected, setExpected] = useState<{ readonly mark: string; readonly until: number }>();
  const isExpecting = (data: ImportDetail | undefined): boolean =>
    expected !== undefined &&
    data !== undefined &&
    markOf(data) === expected.mark &&
    Date.now() < expected.until;
  const query = useQuery({
    queryKey: ['imports', 'one', id],
    queryFn: () => get<ImportDetail>(`/imports/${id}`),
    staleTime: 0,
    refetchInterval: ({ state: { data } }) =>
      (data && isMoving(data)) || isExpecting(data) ? POLL_MS : false,
  });
  const mark = query.data && markOf(query.data);
  useEffect(() => {
    if (mark !== undefined) queries.invalidateQueries({ queryKey: ['imports', 'list'] });
  }, [mark, queries]);
  return {
    query,
    /** Whether something was asked of it that has not begun yet. */
    isExpecting: isExpecting(query.data),
    /** Begins to look out for a change. */
    expect: () => setExpected(mark === undefined ? undefined : { mark, until: Date.now() + PATIENCE_MS }),
  };
}
