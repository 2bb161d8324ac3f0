import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { downloadEngine } from './download-engine.ts';
import { type Engine, inspectEngine } from './engine.ts';
import { engineChoices } from './engine-choices.ts';
import { findInstalledEngine } from './installed-engine.ts';
import { withLock } from './lock.ts';
import { canUnpack, unpackEngine } from './unpack-engine.ts';

export interface EngineOptions {
  /** Where an unpacked or downloaded engine is kept. */
  readonly home: string;
  /** `SMART_INVENTORY_DATABASE`: auto, unpack or download. */
  readonly way?: string | undefined;
  /** `MYSQLD`: the server to use. */
  readonly mysqld?: string | undefined;
  readonly report?: (line: string) => void;
}

/**
 * A database engine: an installed one, else the distribution's packages unpacked under `home`, else a download.
 * What was found is written to `engine.json` and only checked again on the next start.
 */
export async function ensureEngine(options: EngineOptions): Promise<Engine> {
  const {
    home,
    way = process.env.SMART_INVENTORY_DATABASE ?? 'auto',
    mysqld = process.env.MYSQLD,
    report = (line) => console.error(`database engine: ${line}`),
  } = options;
  if (!['auto', 'unpack', 'download'].includes(way))
    throw new Error(`SMART_INVENTORY_DATABASE is ${way}; it may be auto, unpack or download`);
  mkdirSync(home, { recursive: true });
  const record = join(home, 'engine.json');
  const wanted = way === 'auto' ? `auto ${mysqld ?? ''}`.trim() : way;
  return withLock(join(home, 'engine.lock'), async () => {
    const known = recall(record, wanted);
    if (known) return known;
    const engine = await obtain({ home, way, mysqld, report });
    report(`${engine.flavour} ${engine.version} at ${engine.server}`);
    writeFileSync(record, `${JSON.stringify({ wanted, engine }, undefined, 2)}\n`);
    return engine;
  });
}

function recall(record: string, wanted: string): Engine | undefined {
  if (!existsSync(record)) return undefined;
  try {
    const kept = JSON.parse(readFileSync(record, 'utf8')) as { wanted: string; engine: Engine };
    if (kept.wanted !== wanted) return undefined;
    const { basedir, libraryPath } = kept.engine;
    const found = inspectEngine(kept.engine.server, {
      ...(basedir === undefined ? {} : { basedir }),
      ...(libraryPath === undefined ? {} : { libraryPath }),
    });
    return 'reason' in found ? undefined : found;
  } catch {
    return undefined; // half written by a start that was killed
  }
}

async function obtain({
  home,
  way,
  mysqld,
  report,
}: Required<Pick<EngineOptions, 'home' | 'report'>> & {
  way: string;
  mysqld: string | undefined;
}): Promise<Engine> {
  const tried: string[] = [];
  const attempt = async (work: () => Promise<Engine>): Promise<Engine | undefined> => {
    try {
      return await work();
    } catch (error) {
      tried.push(reasonOf(error));
      return undefined;
    }
  };
  if (way === 'auto') {
    const { engine, reasons } = findInstalledEngine(mysqld);
    if (engine) return engine;
    tried.push(...reasons);
    // Whoever names a server wants that one.
    if (mysqld) throw new Error(engineChoices(tried));
  }
  let engine: Engine | undefined;
  if (way === 'unpack' && !canUnpack()) tried.push('unpacking packages needs apt-get and dpkg-deb');
  if (way !== 'download' && canUnpack())
    engine = await attempt(() => unpackEngine(join(home, 'engine'), report));
  if (!engine && way !== 'unpack')
    engine = await attempt(() => downloadEngine(join(home, 'engine-download'), report));
  if (!engine) throw new Error(engineChoices(tried));
  return engine;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const stderr = 'stderr' in error ? String(error.stderr).trim() : '';
  return (stderr || error.message).split('\n').slice(-6).join('\n');
}
