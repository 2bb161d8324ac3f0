import * as z from 'zod';
import { edgeCall } from './edge-call.ts';

/** Fires a schedule of the running stack now. */
export async function runSchedule(edge: string, name: string): Promise<void> {
  await edgeCall(edge, 'POST', `/_local/schedules/${encodeURIComponent(name)}/fire`);
  console.log(`fired ${name}`);
}

const Moved = z.array(z.object({ queue: z.string(), moved: z.int() }));

/** Sends dead letters back to where they came from. */
export async function redrive(edge: string, queue?: string): Promise<void> {
  const query = queue === undefined ? '' : `?queue=${encodeURIComponent(queue)}`;
  const moved = Moved.parse(await edgeCall(edge, 'POST', `/_local/redrive${query}`));
  const some = moved.filter((line) => line.moved > 0);
  for (const line of some) console.log(`${line.queue}: ${line.moved} messages sent back`);
  if (some.length === 0) console.log('no dead letters');
}
