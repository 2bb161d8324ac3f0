import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { MetricPage } from '../../shared/contracts/api/metrics.ts';
import { LocalStatus } from '../../shared/contracts/local-status.ts';
import type { MetricOperation, MetricResult } from '../../shared/core/analytics/operations/run-operation.ts';
import { edgeCall } from '../edge-call.ts';

const Credentials = z.object({
  users: z.array(z.object({ username: z.string(), password: z.string(), roles: z.array(z.string()) })),
});
const Token = z.object({ access_token: z.string() });

/** Rows of one request, and requests of one answer. */
const PAGE = 200;
const MOST_PAGES = 2_000;

/** An operation over the database of the running stack, all its rows; asked as its demo viewer. */
export async function askStack(
  edge: string,
  operation: MetricOperation,
  cutoff: string | undefined,
): Promise<MetricResult> {
  const { apiUrl } = LocalStatus.parse(await edgeCall(edge, 'GET', '/_local/status'));
  const token = await signIn(apiUrl);
  const rows: unknown[] = [];
  for (let page = 0; page < MOST_PAGES; page++) {
    const query = new URLSearchParams({
      skip: String(page * PAGE),
      limit: String(PAGE),
      ...(cutoff !== undefined && { cutoff }),
    });
    const response = await fetch(`${apiUrl}/metrics/operations/${operation}?${query}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    if (!response.ok) throw new Error(`the API answered ${response.status}: ${await response.text()}`);
    const { pagination, ...answer } = MetricPage.parse(await response.json());
    if (!('rows' in answer)) return answer;
    rows.push(...answer.rows);
    if (rows.length >= pagination.total || answer.rows.length === 0)
      return { ...answer, rows } as MetricResult;
  }
  throw new Error(`${operation} has more than ${MOST_PAGES * PAGE} rows`);
}

async function signIn(apiUrl: string): Promise<string> {
  const file = join(process.env.SMART_INVENTORY_HOME ?? '.local', 'credentials.json');
  const text = await readFile(file, 'utf8').catch(() => {
    throw new Error(`${file} cannot be read: run this where the stack was started`);
  });
  const { users } = Credentials.parse(JSON.parse(text));
  const user = users.find(({ roles }) => roles.includes('viewer'));
  if (!user) throw new Error(`${file} has no user with the role viewer`);
  const response = await fetch(`${apiUrl}/auth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: user.username, password: user.password }),
  });
  if (!response.ok) throw new Error(`sign-in as ${user.username} answered ${response.status}`);
  return Token.parse(await response.json()).access_token;
}
