import type { BareInsert } from './bare-insert.ts';
import type { ColdStart } from './cold-starts.ts';
import type { IngestSpeed, StageTimes } from './ingest-speed.ts';
import type { Machine } from './machine.ts';
import { CLIENTS, type ReadSpeed } from './read-speed.ts';
import type { StartTimes } from './start-times.ts';

/** Everything that one run of the bench found. */
export interface Results {
  readonly machine: Machine;
  readonly file: string;
  readonly starts: StartTimes;
  readonly ingest: IngestSpeed;
  readonly bareInsert: BareInsert;
  /** Share of the bare insert's speed that the whole import reaches. */
  readonly ingestToBare: number;
  readonly stages: StageTimes;
  readonly reads: readonly ReadSpeed[];
  readonly coldStarts: readonly ColdStart[];
}

/** The results as a page for people. */
export function reportOf(results: Results): string {
  const { machine, starts, ingest, bareInsert, stages } = results;
  const load = `${machine.loadBefore.toFixed(1)} before, ${machine.loadAfter.toFixed(1)} after`;
  return `# Speed

Made by \`npm run bench\`; the same figures are in speed.json. ${machine.date}, ${machine.cores} cores
(${machine.processor}), ${machine.memoryGib} GiB, Node ${machine.node}, ${machine.engine}, load average ${load}.
Functions, database, AWS services and clients share these cores. Where the load before is above a few tenths, other
programs ran too and the speeds are lower bounds.

## Import of ${results.file}

| | lines | seconds | lines/s |
|---|---:|---:|---:|
| from the drop to the job being done | ${whole(ingest.lines)} | ${ingest.seconds.toFixed(1)} | ${whole(ingest.linesPerSecond)} |
| bare JSON_TABLE insert of its sale lines into a table without keys | ${whole(bareInsert.lines)} | ${bareInsert.seconds.toFixed(1)} | ${whole(bareInsert.linesPerSecond)} |

The import, which also checks each line, keeps orders, stock ledger and demand, and matches cancellations, reaches
${(results.ingestToBare * 100).toFixed(1)} % of the bare insert. Resident memory of the whole process (all functions and local services, without
the database): ${whole(ingest.rssBeforeMib)} MiB before, at most ${whole(ingest.rssPeakMib)} MiB during the import.

## Stages after it

| plan | forecast | restock |
|---:|---:|---:|
| ${stages.plan.toFixed(1)} s | ${stages.forecast.toFixed(1)} s | ${stages.restock.toFixed(1)} s |

Plan: from the end of the import to the new run, with event and queue in between. The border between forecast and
restock is seen by polling every 0.1 s.

## Start, from the process to a healthy answer of the API

| new home | new home, templates synthesized before | same home again |
|---:|---:|---:|
| ${starts.firstSeconds.toFixed(1)} s | ${starts.firstSynthesizedSeconds.toFixed(1)} s | ${starts.secondSeconds.toFixed(1)} s |

The database engine was there already; its download is not counted.

## Reads, ${CLIENTS} clients at a time

| route | requests | p50 ms | p95 ms | requests/s | not 200 |
|---|---:|---:|---:|---:|---|
${results.reads
  .map(
    (read) =>
      `| ${read.route} | ${read.requests} | ${whole(read.p50Ms)} | ${whole(read.p95Ms)} | ${whole(read.perSecond)} | ${Object.keys(read.refused).length === 0 ? 'none' : JSON.stringify(read.refused)} |`,
  )
  .join('\n')}

## Functions

| function | bundle, KB | cold ms | warm ms | event |
|---|---:|---:|---:|---|
${results.coldStarts
  .map(
    (one) =>
      `| ${one.name} | ${whole(one.bundleBytes / 1000)} | ${whole(one.coldMs)} | ${one.warmMs.toFixed(1)} | ${one.answered ? 'answered' : 'refused at once'} |`,
  )
  .join('\n')}

Cold: a fresh worker thread from its creation to the first answer, median of three. The event asks for next to
nothing: an empty batch, GET /health, a listener that left, migrations that are all done.
`;
}

const whole = (value: number): string => Math.round(value).toLocaleString('en-GB');
