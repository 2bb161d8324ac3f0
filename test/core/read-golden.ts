import { readFileSync } from 'node:fs';

/** Reference values of other software; each file names its generator. */
export function readGolden<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../golden/${name}.json`, import.meta.url), 'utf8')) as T;
}
