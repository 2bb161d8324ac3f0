import { Fault } from '../../shared/contracts/fault.ts';
import { LocalStatus } from '../../shared/contracts/local-status.ts';
import { SHOWN_IMPORT_STATUS, SHOWN_RUN_STATUS } from '../../shared/data/planning/shown-status.ts';
import { readMainJobState, readSummary } from '../../shared/data/planning/summary-store.ts';
import type { Database } from '../../shared/data/sql/database.ts';
import type { LocalRoutes } from './edge/local-routes.ts';
import type { Scheduler } from './events/open-scheduler.ts';
import type { Functions, Queues } from './services.ts';
import { deadLetterArns } from './template/dead-letter-arns.ts';
import type { Wiring } from './template/wiring.ts';

interface Needs {
  readonly apiUrl: string;
  readonly bucket: string;
  readonly wiring: Wiring;
  readonly database: Database;
  readonly queues: Queues;
  readonly functions: Functions;
  readonly scheduler: Scheduler;
}

/** Bodies shown of each dead-letter queue, and rows of each list. */
const SHOWN_MESSAGES = 5;
const SHOWN_ROWS = 20;

/** What the command asks of the stack besides AWS's own APIs. */
export function localRoutes(needs: Needs): LocalRoutes {
  return {
    'GET /_local/status': () => readStatus(needs),
    'POST /_local/redrive': ({ query }) => redrive(needs, query.get('queue') ?? undefined),
    'POST /_local/schedules/{name}/fire': ({ parameters: { name } }) => {
      if (!needs.scheduler.fire(name!)) {
        const names = needs.scheduler.list().map(({ schedule }) => schedule.name);
        throw new Fault('missing', `there is no schedule ${name}; there are: ${names.join(', ')}`);
      }
      return { fired: name };
    },
  };
}

async function redrive(needs: Needs, name: string | undefined): Promise<{ queue: string; moved: number }[]> {
  const dead = deadLetterArns(needs.wiring.queues);
  const chosen = needs.wiring.queues.filter(
    (queue) => dead.has(queue.arn) && (name === undefined || queue.name === name),
  );
  if (chosen.length === 0) throw new Fault('missing', `there is no dead-letter queue ${name}`);
  const moved: { queue: string; moved: number }[] = [];
  for (const queue of chosen) moved.push({ queue: queue.name, moved: await needs.queues.redrive(queue.arn) });
  return moved;
}

async function readStatus(needs: Needs): Promise<LocalStatus> {
  const { queues, functions, scheduler, database, wiring, apiUrl, bucket } = needs;
  const dead = deadLetterArns(wiring.queues);
  return {
    apiUrl,
    bucket,
    mainJob: await readMainJobState(database),
    functions: functions.list().map(({ name, assetHash, workers, invocations, errors }) => ({
      name,
      assetHash,
      workers,
      invocations,
      errors,
    })),
    queues: wiring.queues.map(({ name, arn }) => ({
      name,
      arn,
      isDeadLetter: dead.has(arn),
      ...queues.counts(arn),
      messages: dead.has(arn) ? [...queues.peek(arn, SHOWN_MESSAGES)] : [],
    })),
    schedules: scheduler.list().map(({ schedule, next }) => ({
      name: schedule.name,
      expression: `${schedule.expression} ${schedule.timeZone}`,
      enabled: schedule.isEnabled,
      next: next?.toISOString() ?? null,
    })),
    imports: await database.select(ImportRow, IMPORTS),
    runs: await database.select(RunRow, RUNS),
    summary: { ...(await readSummary(database)) },
  };
}

const ImportRow = LocalStatus.shape.imports.element;

const IMPORTS = `
  SELECT import_id AS importId, object_key AS objectKey, format, ${SHOWN_IMPORT_STATUS} AS status, detail, total_rows AS totalRows,
         rejected_rows AS rejectedRows, rejects_key AS rejectsKey
    FROM import_job
   ORDER BY started_at DESC, import_id
   LIMIT ${SHOWN_ROWS}`;

const RunRow = LocalStatus.shape.runs.element;

const RUNS = `
  SELECT run_id AS runId, cause, as_of AS asOf, ${SHOWN_RUN_STATUS} AS status, series, chunks,
         chunks_done AS chunksDone, created_at AS createdAt
    FROM forecast_run
   ORDER BY run_no DESC
   LIMIT ${SHOWN_ROWS}`;
