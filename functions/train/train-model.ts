import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Objects } from '../../shared/aws/objects.ts';
import type { TrainRequested } from '../../shared/contracts/messages.ts';
import type { PanelModel } from '../../shared/core/forecast/combine/panel-model.ts';
import { trainPanel } from '../../shared/core/forecast/combine/train-panel.ts';
import { forecastEach } from '../../shared/core/forecast/panel.ts';
import {
  claimModel,
  dropModel,
  finishModel,
  forgetModel,
  readOldModels,
} from '../../shared/data/forecasts/forecast-model-store.ts';
import type { Database } from '../../shared/data/sql/database.ts';
import type { Delivery } from '../../shared/runtime/queue-handler.ts';
import { HORIZON, YEAR } from '../forecast/weekly-grid.ts';
import { readSample, type Sample } from './read-sample.ts';
import { MEMBERS, MOST_ROWS, TRAIN_VERSION } from './training-task.ts';

export interface TrainNeeds {
  readonly database: Database;
  readonly objects: Objects;
}

type TrainDelivery = Pick<Delivery, 'messageId'> & {
  readonly logger: Pick<Delivery['logger'], 'info' | 'warn'>;
};

/** Where the files of models lie in the data bucket. */
const keyOf = (version: string): string => `models/${version}.json.gz`;
const pack = promisify(gzip);

/**
 * Trains a model on a sample of the series and offers it to plans, then forgets the oldest. The same data and settings
 * are trained once, however often that is asked for; a redelivery goes on where its first delivery died.
 */
export async function trainModel(
  { database, objects }: TrainNeeds,
  { cause }: TrainRequested,
  { messageId, logger }: TrainDelivery,
): Promise<void> {
  const sample = await database.transaction((tx) => readSample(tx, logger));
  if (!sample || sample.series.length === 0) return logger.info('train: no demand yet', { cause });
  const { version, asOf, series, weeks, inputs } = sample;
  const about = { cause, version, asOf, series: series.length, weeks };
  const claim = {
    version,
    trainVersion: TRAIN_VERSION,
    asOf,
    series: series.length,
    seriesWeeks: weeks,
    horizon: HORIZON,
    inputs: inputs.sources,
  };
  if (!(await claimModel(database, claim, messageId)))
    return logger.info('train: this version is there, or another message is at it', about);
  const model = await train(sample);
  if (!model.hasGlobal) {
    await dropModel(database, version);
    return logger.info('train: too little to learn from', about);
  }
  const text = model.toFile();
  const packed = await pack(text);
  const file = {
    weights: model.describe(),
    objectKey: keyOf(version),
    sizeBytes: packed.length,
    contentHash: createHash('sha256').update(text).digest('hex'),
  };
  // First the file, then the row that leads to it.
  await objects.write(file.objectKey, Readable.from([packed]), 'application/gzip');
  await finishModel(database, version, file);
  const forgotten = await forgetOldModels({ database, objects });
  logger.info('train', { ...about, sizeBytes: packed.length, forgotten });
}

function train({ series, launches, inputs, seed }: Sample): Promise<PanelModel> {
  return trainPanel(
    { frequency: 'weekly', period: YEAR, series, known: inputs.columns },
    {
      horizon: HORIZON,
      seed,
      members: MEMBERS,
      launches,
      rows: MOST_ROWS,
      mapSeries: async (task, chosen) => forecastEach(task, chosen),
    },
  );
}

/** First the file, then the row: what dies in between is found again. */
async function forgetOldModels({ database, objects }: TrainNeeds): Promise<number> {
  const old = await readOldModels(database);
  for (const version of old) {
    await objects.remove(keyOf(version));
    await forgetModel(database, version);
  }
  return old.length;
}
