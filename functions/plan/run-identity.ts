import { createHash } from 'node:crypto';
import type { PlanSettings } from '../../shared/data/planning/setting-store.ts';

/** Raised whenever the same inputs would give another plan than before. */
export const PLAN_VERSION = 7;

/** Name of the run that an asking makes: the same cause and key make the same run. 22 characters. */
export function runIdOf(cause: string, key: string): string {
  return createHash('sha256').update(`${cause}\n${key}`).digest('base64url').slice(0, 22);
}

/** Hash of everything a plan is a function of: equal hashes give equal plans. */
export function planHashOf(inputs: {
  readonly asOf: string;
  /** Of the model of many series; null without one. */
  readonly modelVersion: string | null;
  readonly settings: PlanSettings;
  readonly digests: Readonly<Record<string, string>>;
}): string {
  const sorted = (record: object) => Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
  const { asOf, modelVersion, settings, digests } = inputs;
  const text = JSON.stringify([PLAN_VERSION, asOf, modelVersion, sorted(settings), sorted(digests)]);
  return createHash('sha256').update(text).digest('hex');
}
