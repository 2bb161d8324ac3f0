import { trainModel } from '../../../functions/train/train-model.ts';
import type { Database } from '../../../shared/data/sql/database.ts';
import { inMemory } from '../ingest/drop-file.ts';
import { type Item, silentLogger, weekly } from '../planning/planning-fixture.ts';

export const AS_OF = '2011-12-09';

/** Products with demand every week: levels, trends and seasons that a model of many series can learn. */
export function manyItems(count: number, weeks: number): Item[] {
  return Array.from({ length: count }, (_, i) => ({
    productId: `P${String(i).padStart(3, '0')}`,
    demand: weekly(
      AS_OF,
      Array.from({ length: weeks }, (_, t) =>
        Math.round(8 + (i % 7) * 5 + 4 * Math.sin((t / 52) * 2 * Math.PI) + ((t * (i + 3)) % 5)),
      ),
    ),
  }));
}

/** A bucket whose objects the test can look into and change. */
export function openBucket() {
  const stored = new Map<string, Buffer>();
  return { stored, objects: inMemory(stored) };
}

/** Trains as the function does, and answers what it logged. */
export async function train(
  database: Database,
  objects: ReturnType<typeof inMemory>,
  messageId = 'message-1',
): Promise<string[]> {
  const said: string[] = [];
  const logger = { ...silentLogger, info: (...parts: unknown[]) => void said.push(String(parts[0])) };
  await trainModel({ database, objects }, { type: 'TrainRequested', cause: 'api' }, { messageId, logger });
  return said;
}
