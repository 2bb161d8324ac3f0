/** Receivers that wait for a message, by queue name. */
export interface Waiters {
  /** Something may have become receivable: every waiter of the queue looks again. */
  wake(queueName: string): void;
  /** Resolves at the next wake, after `atMostMs`, when `signal` aborts, or at close: whichever is first. */
  wait(queueName: string, atMostMs: number, signal: AbortSignal | undefined): Promise<void>;
  readonly isClosed: boolean;
  close(): void;
}

/** Nobody waits yet. */
export function openWaiters(): Waiters {
  const waiting = new Map<string, Set<() => void>>();
  let isClosed = false;
  const wake = (queueName: string) => {
    for (const done of [...(waiting.get(queueName) ?? [])]) done();
  };
  return {
    wake,
    wait(queueName, atMostMs, signal) {
      if (isClosed || signal?.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const others = waiting.get(queueName) ?? new Set();
        waiting.set(queueName, others);
        const done = () => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', done);
          others.delete(done);
          resolve();
        };
        const timer = setTimeout(done, atMostMs);
        signal?.addEventListener('abort', done);
        others.add(done);
      });
    },
    get isClosed() {
      return isClosed;
    },
    close() {
      isClosed = true;
      for (const queueName of waiting.keys()) wake(queueName);
    },
  };
}
