import { cpus, loadavg, totalmem } from 'node:os';

/** What the figures depend on. */
export interface Machine {
  readonly date: string;
  readonly cores: number;
  readonly processor: string;
  readonly memoryGib: number;
  readonly node: string;
  readonly engine: string;
  /** Of the last minute, when the bench began: from elsewhere. */
  readonly loadBefore: number;
  readonly loadAfter: number;
}

/** The facts of this machine; the load is read anew with each call. */
export function machineFacts(engine: string, loadBefore: number): Machine {
  return {
    date: new Date().toISOString().slice(0, 10),
    cores: cpus().length,
    processor: cpus()[0]?.model ?? 'unknown',
    memoryGib: Math.round(totalmem() / 1024 ** 3),
    node: process.versions.node,
    engine,
    loadBefore,
    loadAfter: loadavg()[0]!,
  };
}
