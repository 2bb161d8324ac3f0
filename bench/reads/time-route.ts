import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface RouteTime {
  readonly route: string;
  readonly status: number;
  readonly bytes: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** Processor time of one request: of the database, and of the process with everything else. */
  readonly databaseMs: number;
  readonly nodeMs: number;
}

/** What a route takes, asked once for what is done only once, and then so many times one after another. */
export async function timeRoute(
  { url, token, home }: { readonly url: string; readonly token: string; readonly home: string },
  route: string,
  times: number,
): Promise<RouteTime> {
  const ask = async () => {
    const answer = await fetch(`${url}${route}`, { headers: { authorization: `Bearer ${token}` } });
    return { status: answer.status, bytes: (await answer.arrayBuffer()).byteLength };
  };
  const first = await ask();
  const databaseBefore = serverCpuMs(home);
  const nodeBefore = process.cpuUsage();
  const took: number[] = [];
  for (let i = 0; i < times; i++) {
    const began = performance.now();
    await ask();
    took.push(performance.now() - began);
  }
  const { user, system } = process.cpuUsage(nodeBefore);
  took.sort((a, b) => a - b);
  const quantile = (share: number) => took[Math.ceil(share * times) - 1]!;
  return {
    route,
    ...first,
    p50Ms: quantile(0.5),
    p95Ms: quantile(0.95),
    databaseMs: (serverCpuMs(home) - databaseBefore) / times,
    nodeMs: (user + system) / 1000 / times,
  };
}

/** Milliseconds of the kernel's clock ticks. */
const TICK_MS = 10;

/** Processor time of a home's database server so far. */
function serverCpuMs(home: string): number {
  const record = readFileSync(join(home, 'database', 'server.json'), 'utf8');
  const { server } = JSON.parse(record) as { server: { pid: number } };
  const fields = readFileSync(`/proc/${server.pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  // utime and stime, as proc(5) numbers them from 1 with the state as the third
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}
