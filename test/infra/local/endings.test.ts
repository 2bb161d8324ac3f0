import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openEndings } from '../../../infra/local/endings.ts';

test('the last to begin ends first, and each has ended before the next does', async () => {
  const endings = openEndings();
  const told: string[] = [];
  const part = (name: string) =>
    endings.add(name, async () => {
      told.push(`${name} ends`);
      await turn();
      told.push(`${name} ended`);
    });
  expect(part('database')).toBe('database');
  part('gateway');
  await endings.close();
  expect(told).toEqual(['gateway ends', 'gateway ended', 'database ends', 'database ended']);
});

test('whoever asks a second time waits for the first, and nothing ends out of turn', async () => {
  const endings = openEndings();
  const gateway = Promise.withResolvers<void>();
  let hasDatabaseEnded = false;
  endings.add('database', () => {
    hasDatabaseEnded = true;
  });
  endings.add('gateway', () => gateway.promise);
  const both = [endings.close(), endings.close()];
  await turn();
  expect(hasDatabaseEnded).toBe(false);
  gateway.resolve();
  await Promise.all(both);
  expect(hasDatabaseEnded).toBe(true);
});

test('a part that does not end well is reported when the others have ended', async () => {
  const endings = openEndings();
  let hasDatabaseEnded = false;
  endings.add('database', () => {
    hasDatabaseEnded = true;
  });
  endings.add('gateway', () => Promise.reject(new Error('stuck')));
  await expect(endings.close()).rejects.toThrow(AggregateError);
  expect(hasDatabaseEnded).toBe(true);
});
