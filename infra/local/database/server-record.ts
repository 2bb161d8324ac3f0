import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, type ProcessIdentity } from './process-identity.ts';

/** What a later start needs to find the server of this one, should this one be killed. */
export interface ServerRecord {
  readonly server: ProcessIdentity;
  /** Who started it; while that one lives, the server is its own. */
  readonly owner: ProcessIdentity;
  readonly port: number;
  /** Holds the socket, whose path must be short. */
  readonly socketFolder: string;
  /** Path and version of the server: another engine is not taken over. */
  readonly engine: string;
}

const STOP_POLL_MS = 10;
/** Then it is killed; InnoDB recovers at the next start. */
const STOP_LIMIT_MS = 2_000;
const KILL_LIMIT_MS = 10_000;

const pathIn = (directory: string): string => join(directory, 'server.json');

/** The record of an earlier start, or undefined. */
export function readServerRecord(directory: string): ServerRecord | undefined {
  try {
    return JSON.parse(readFileSync(pathIn(directory), 'utf8')) as ServerRecord;
  } catch {
    return undefined;
  }
}

/** Writes the record whole or not at all. */
export function writeServerRecord(directory: string, record: ServerRecord): void {
  const draft = `${pathIn(directory)}.new`;
  writeFileSync(draft, `${JSON.stringify(record, undefined, 2)}\n`);
  renameSync(draft, pathIn(directory));
}

/** Removes the record of a server that is no more. */
export function forgetServer(directory: string): void {
  rmSync(pathIn(directory), { force: true });
}

/** Ends the recorded server, gently for two seconds, and forgets it. */
export async function stopRecordedServer(directory: string, record: ServerRecord): Promise<void> {
  await endProcess(record.server);
  rmSync(record.socketFolder, { recursive: true, force: true });
  forgetServer(directory);
}

async function endProcess(server: ProcessIdentity): Promise<void> {
  if (!signal(server, 'SIGTERM') || (await isGoneWithin(server, STOP_LIMIT_MS))) return;
  if (!signal(server, 'SIGKILL') || (await isGoneWithin(server, KILL_LIMIT_MS))) return;
  throw new Error(`database server ${server.pid} cannot be ended`);
}

function signal(server: ProcessIdentity, name: NodeJS.Signals): boolean {
  if (!isAlive(server)) return false;
  try {
    return process.kill(server.pid, name);
  } catch {
    return false;
  }
}

async function isGoneWithin(server: ProcessIdentity, limitMs: number): Promise<boolean> {
  const deadline = Date.now() + limitMs;
  while (isAlive(server)) {
    if (Date.now() > deadline) return false;
    await sleep(STOP_POLL_MS);
  }
  return true;
}
