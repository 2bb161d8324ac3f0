import type { Machine } from '../speed/machine.ts';
import type { ReadSpeed } from '../speed/read-speed.ts';
import type { ImportTimes } from './import-growth.ts';
import { CLIENTS, type OrderLoad } from './order-load.ts';

export interface LedgerResults {
  readonly machine: Machine;
  readonly growth: readonly ImportTimes[];
  readonly given: ImportTimes | undefined;
  readonly orders: OrderLoad;
}

/** The results as a page for people. */
export function reportOf({ machine, growth, given, orders }: LedgerResults): string {
  const load = `${machine.loadBefore.toFixed(1)} before, ${machine.loadAfter.toFixed(1)} after`;
  const times = (orders.manyProducts.p50Ms / orders.bareInsert.p50Ms).toFixed(1);
  return `# Speed of the ledger

Made by \`npm run bench -- ledger\`. ${machine.date}, ${machine.cores} cores (${machine.processor}), ${machine.memoryGib} GiB,
Node ${machine.node}, ${machine.engine}, load average ${load}. Functions, database, AWS services and clients share
these cores.

## Imports

Invented orders of five years in the 20-column flat layout, 9,000 products, gzip, one file after the other into the
same database; from the drop to the import being done, with orders, sale lines, ledger, stock, demand, customers.

| lines | seconds | lines/s | survey alone, s | cutting into cells alone, s | CPU of the functions, s | CPU of the database, s | functions, MiB | database, MiB |
|---:|---:|---:|---:|---:|---:|---:|---:|---:|
${growth.map(row).join('\n')}
${given === undefined ? '' : `\nA file given by \`--data\`, into the same database:\n\n| lines | seconds | lines/s | survey alone, s | cutting into cells alone, s | CPU of the functions, s | CPU of the database, s | functions, MiB | database, MiB |\n|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n${row(given)}\n`}
The survey reads the whole file before anything is written: fingerprint, encoding, how its numbers and dates are
written. Cutting overlaps with the database's work. Memory is the largest resident memory seen.

## Orders, ${CLIENTS} clients at a time

From the request to the answer, by which the stock is committed; the bare INSERT takes the same Data API, without API
gateway, sign-in and function.

| | requests | p50 ms | p95 ms | requests/s | refused |
|---|---:|---:|---:|---:|---|
${[orders.manyProducts, orders.oneProduct, orders.bareInsert].map(loadRow).join('\n')}

Half of the orders are answered within ${times} times what the bare INSERT takes.
`;
}

const row = (it: ImportTimes): string =>
  `| ${whole(it.lines)} | ${it.seconds.toFixed(1)} | ${whole(it.lines / it.seconds)} | ${it.surveySeconds.toFixed(1)} | ${it.readSeconds.toFixed(1)} | ${it.cpuSeconds.toFixed(0)} | ${it.databaseCpuSeconds.toFixed(0)} | ${whole(it.rssPeakMib)} | ${whole(it.databasePeakMib)} |`;

const loadRow = (it: ReadSpeed): string =>
  `| ${it.route} | ${it.requests} | ${whole(it.p50Ms)} | ${whole(it.p95Ms)} | ${whole(it.perSecond)} | ${Object.keys(it.refused).length === 0 ? 'none' : JSON.stringify(it.refused)} |`;

const whole = (value: number): string => Math.round(value).toLocaleString('en-GB');
