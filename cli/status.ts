import { LocalStatus } from '../shared/contracts/local-status.ts';
import { edgeCall } from './edge-call.ts';

/** Prints the state of the running stack: what runs, what waits, what went wrong. */
export async function showStatus(edge: string, asJson: boolean): Promise<void> {
  const status = LocalStatus.parse(await edgeCall(edge, 'GET', '/_local/status'));
  console.log(asJson ? JSON.stringify(status, null, 2) : inWords(status));
}

function inWords(status: LocalStatus): string {
  const dead = status.queues.filter((queue) => queue.isDeadLetter);
  const live = status.queues.filter((queue) => !queue.isDeadLetter);
  return [
    `${status.apiUrl}   main job: ${status.mainJob}   s3://${status.bucket}/drop/`,
    section(
      'functions',
      ['name', 'asset', 'workers', 'calls', 'errors'],
      status.functions.map((f) => [f.name, f.assetHash.slice(0, 16), f.workers, f.invocations, f.errors]),
    ),
    section(
      'queues',
      ['name', 'waiting', 'in flight', 'delayed', 'oldest s'],
      live.map((q) => [q.name, q.visible, q.inFlight, q.delayed, Math.round(q.oldestAgeSeconds)]),
    ),
    section(
      'dead letters',
      ['queue', 'messages', 'first'],
      dead.map((q) => [q.name, q.visible, q.messages[0]?.body.slice(0, 100) ?? '']),
    ),
    section(
      'schedules',
      ['name', 'when', 'next'],
      status.schedules.map((s) => [s.name, s.expression, s.enabled ? (s.next ?? '') : 'disabled']),
    ),
    section(
      'imports',
      ['object', 'format', 'status', 'rows', 'rejected', 'detail'],
      status.imports.map((i) => [
        i.objectKey,
        i.format ?? '?',
        i.status,
        i.totalRows,
        i.rejectedRows,
        i.detail ?? i.rejectsKey ?? '',
      ]),
    ),
    section(
      'plans',
      ['run', 'cause', 'as of', 'status', 'series', 'chunks', 'made'],
      status.runs.map((r) => [
        r.runId,
        r.cause,
        r.asOf,
        r.status,
        r.series,
        `${r.chunksDone} of ${r.chunks}`,
        r.createdAt,
      ]),
    ),
  ].join('\n\n');
}

function section(
  title: string,
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const table = [head, ...rows.map((row) => row.map(String))];
  const widths = head.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  const line = (row: readonly string[]) =>
    `  ${row
      .map((cell, i) => cell.padEnd(widths[i]!))
      .join('  ')
      .trimEnd()}`;
  return [title, ...(rows.length === 0 ? ['  none'] : table.map(line))].join('\n');
}
