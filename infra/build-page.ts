import { join } from 'node:path';
import { build } from 'vite';

/** Builds the dashboard into web/dist, from where the bundle of the API function takes it. */
export async function buildPage(): Promise<void> {
  await build({ configFile: join(import.meta.dirname, '../web/vite.config.ts'), logLevel: 'warn' });
}
