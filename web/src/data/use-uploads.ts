import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { get } from '../api.ts';
import { uploadFile } from './upload-file.ts';
import type { ImportPage } from './use-imports.ts';

const POLL_MS = 1_000;
/** How long a file that has arrived is looked out for among the imports. */
const PATIENCE_MS = 3 * 60_000;
/** Files that may wait to be sent. */
const MOST_FILES = 50;
/** Newest imports among which a file that was just sent is looked for. */
const NEWEST = 50;

/** A file on its way: it waits its turn, is sent, has arrived and waits for its import, or could not be sent. */
export interface Upload {
  readonly no: number;
  readonly file: File;
  readonly dryRun: boolean;
  readonly phase: 'queued' | 'sending' | 'arrived' | 'late' | 'failed';
  readonly sent: number;
  readonly problem?: string;
  readonly abort: AbortController;
}

export type Uploads = ReturnType<typeof useUploads>;

/** Files that are sent one after the other, until their imports have begun; `onBegun` is told of each. */
export function useUploads(onBegun: (importId: string) => void) {
  const [list, setList] = useState<readonly Upload[]>([]);
  const queries = useQueryClient();
  const line = useRef(Promise.resolve());
  const nextNo = useRef(1);
  const open = useRef(new Set<AbortController>());

  const change = useCallback(
    (no: number, part: Partial<Upload>) =>
      setList((all) => all.map((one) => (one.no === no ? { ...one, ...part } : one))),
    [],
  );
  const forget = (no: number) => setList((all) => all.filter((one) => one.no !== no));

  const run = async ({ no, file, dryRun, abort }: Upload): Promise<void> => {
    try {
      abort.signal.throwIfAborted();
      change(no, { phase: 'sending' });
      const onProgress = (bytes: number) => change(no, { sent: Math.min(bytes, file.size) });
      const key = await uploadFile(file, { dryRun, signal: abort.signal, onProgress });
      change(no, { phase: 'arrived', sent: file.size });
      // the next file need not wait for this one's import
      void lookOut(key, abort.signal).then((id) => {
        if (id === undefined) return change(no, { phase: 'late' });
        forget(no);
        onBegun(id);
        void queries.invalidateQueries({ queryKey: ['imports'] });
      });
    } catch (error) {
      if (abort.signal.aborted) forget(no);
      else change(no, { phase: 'failed', problem: (error as Error).message });
    }
  };

  useEffect(() => {
    const controllers = open.current;
    return () => {
      for (const abort of controllers) abort.abort();
    };
  }, []);
  const isSending = list.some(({ phase }) => phase === 'queued' || phase === 'sending');
  useEffect(() => {
    if (!isSending) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [isSending]);

  return {
    list,
    isWaiting: list.some(({ phase }) => phase === 'arrived'),
    add(files: readonly File[], dryRun: boolean): void {
      for (const file of files.slice(0, MOST_FILES)) {
        const abort = new AbortController();
        open.current.add(abort);
        const upload: Upload = { no: nextNo.current++, file, dryRun, phase: 'queued', sent: 0, abort };
        setList((all) => [...all, upload]);
        line.current = line.current.then(() => run(upload));
      }
    },
    /** Stops sending it, or takes it off the list. */
    remove({ no, abort }: Upload): void {
      abort.abort();
      forget(no);
    },
  };
}

/** The import of an object of this key, once it has begun. */
async function lookOut(key: string, signal: AbortSignal): Promise<string | undefined> {
  for (const until = Date.now() + PATIENCE_MS; Date.now() < until && !signal.aborted; ) {
    const newest = await get<ImportPage>(`/imports?limit=${NEWEST}`).catch(() => undefined);
    const found = newest?.data.find(({ object_key }) => object_key === key);
    if (found) return found.id;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return undefined;
}
