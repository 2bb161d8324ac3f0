import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Objects } from '../../shared/aws/objects.ts';
import { PanelModel } from '../../shared/core/forecast/combine/panel-model.ts';
import { findReadyModel } from '../../shared/data/forecasts/forecast-model-store.ts';
import type { Database } from '../../shared/data/sql/database.ts';
import type { Delivery } from '../../shared/runtime/queue-handler.ts';

/** Models of many series, by their version. */
export interface Models {
  /** Undefined when the version is gone or its file is not what was stored: then it never comes back. */
  load(version: string, logger: Pick<Delivery['logger'], 'warn'>): Promise<PanelModel | undefined>;
}

/** Models kept in memory, the newest used: a run has one, and two runs may overlap. */
const MOST_KEPT = 2;
/** Bytes of a model's file, unpacked. */
const MOST_BYTES = 64 * 2 ** 20;
const unpack = promisify(gunzip);

/** Loads each version once per container. */
export function openModels(database: Database, objects: Objects): Models {
  const kept = new Map<string, PanelModel>();
  return {
    async load(version, logger) {
      const model = kept.get(version) ?? (await read(version, logger));
      if (!model) return undefined;
      kept.delete(version);
      kept.set(version, model);
      if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value!);
      return model;
    },
  };

  async function read(version: string, logger: Pick<Delivery['logger'], 'warn'>) {
    const row = await findReadyModel(database, version);
    const body = row && (await objects.read(row.objectKey));
    if (!row || !body) {
      logger.warn('a model is gone', { version });
      return undefined;
    }
    // a store that fails is tried again with the message; what it has stored stays as it is
    const packed = await buffer(body);
    try {
      const text = await unpack(packed, { maxOutputLength: MOST_BYTES });
      if (createHash('sha256').update(text).digest('hex') !== row.contentHash)
        throw new Error('its hash is another');
      return PanelModel.fromFile(text.toString());
    } catch (error) {
      logger.warn('a model cannot be read', { version, error: error as Error });
      return undefined;
    }
  }
}
