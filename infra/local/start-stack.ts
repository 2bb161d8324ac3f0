import { mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { RDSDataClient } from '@aws-sdk/client-rds-data';
import { S3Client } from '@aws-sdk/client-s3';
import { openDataApiDatabase } from '../../shared/data/sql/data-api-client.ts';
import type { Database } from '../../shared/data/sql/database.ts';
import { ACCOUNT, REGION } from './account.ts';
import { type Cognito, openCognito } from './cognito/open-cognito.ts';
import { type RunningDatabase, startDatabase } from './database/start-database.ts';
import { type Edge, startEdge } from './edge.ts';
import { type Endings, openEndings } from './endings.ts';
import type { Deliveries } from './events/open-deliveries.ts';
import { openEventWiring } from './events/open-event-wiring.ts';
import type { Scheduler } from './events/open-scheduler.ts';
import { freePort } from './free-port.ts';
import { openFunctionLogs } from './function-logs.ts';
import { baseEnvironment } from './functions/base-environment.ts';
import { openFunctions } from './functions/open-functions.ts';
import { type Gateway, startGateway } from './gateway/start-gateway.ts';
import { openLambda } from './lambda/open-lambda.ts';
import { localRoutes } from './local-routes.ts';
import { openDataApi } from './rds-data/open-data-api.ts';
import { openObjects } from './s3/open-objects.ts';
import { openSecrets } from './secrets/open-secrets.ts';
import type { DataApi, Functions, Queues } from './services.ts';
import { openQueues } from './sqs/open-queues.ts';
import { readWiring } from './template/read-wiring.ts';
import type { Wiring } from './template/wiring.ts';

export interface StackOptions {
  /** All state lives here. */
  readonly home: string;
  /** Folder of the synthesized templates and assets. */
  readonly assembly: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly edgePort: number;
  /** Key of the search API; absent, that of an earlier start, if there was one. */
  readonly searchKey?: string | undefined;
  readonly log: (line: string) => void;
}

/** The whole product, running on this machine. */
export interface Stack {
  readonly apiUrl: string;
  readonly edgeUrl: string;
  readonly bucket: string;
  readonly wiring: Wiring;
  readonly database: Database;
  readonly s3: S3Client;
  readonly queues: Queues;
  readonly functions: Functions;
  readonly scheduler: Scheduler;
  readonly deliveries: Deliveries;
  readonly dataApi: DataApi;
  readonly cognito: Cognito;
  /** Takes the functions of a new synthesis; running calls finish with the old ones. */
  reload(assembly: string): void;
  /** Ends everything that was started, last first. */
  close(): Promise<void>;
}

/** Starts what the templates describe: services, then migrations, then everything that feeds functions. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const endings = openEndings();
  try {
    return await assemble(options, endings);
  } catch (error) {
    options.log(`start failed: ${error instanceof Error ? error.message : String(error)}`);
    await endings.close();
    throw error;
  }
}

async function assemble(options: StackOptions, { add: ending, close }: Endings): Promise<Stack> {
  const { home, log } = options;
  // addresses are part of the functions' environment, so ports are chosen before anything listens
  const port = options.port || (await freePort());
  const edgePort = options.edgePort || (await freePort());
  const apiUrl = `http://127.0.0.1:${port}`;
  const edgeUrl = `http://127.0.0.1:${edgePort}`;
  const addresses = { edgeBase: edgeUrl, httpBase: apiUrl, webSocketBase: `ws://127.0.0.1:${port}` };
  const wiring = readWiring(options.assembly, addresses);
  for (const { type, logicalId } of wiring.unknown) log(`not run on one machine: ${logicalId} (${type})`);

  const folder = (name: string) => {
    const path = join(home, name);
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return path;
  };
  const server: RunningDatabase = ending(await startDatabase({ home }), (database) => database.stop());
  const secrets = openSecrets({ directory: folder('secrets') });
  for (const secret of wiring.secrets) secrets.define(secret);
  if (options.searchKey) secrets.put(outputOf(wiring, 'SearchKeySecretArn'), options.searchKey);
  const cognito = await openCognito({
    pools: wiring.userPools,
    directory: folder('cognito'),
    credentialsPath: join(home, 'credentials.json'),
  });
  const functions = ending(
    openFunctions({
      environment: baseEnvironment({ edgeBase: edgeUrl }),
      cores: availableParallelism(),
      log: ending(openFunctionLogs(folder('logs')), (logs) => logs.close()).write,
    }),
    (running) => running.close(),
  );
  for (const definition of wiring.functions) functions.define(definition);

  const queues = ending(
    openQueues({
      directory: folder('queues'),
      baseUrl: () => edgeUrl,
      accountId: ACCOUNT,
      region: REGION,
    }),
    (open) => open.close(),
  );
  for (const queue of wiring.queues) queues.define(queue);
  queues.releaseHeld();

  const objects = ending(
    openObjects({
      directory: folder('objects'),
      region: REGION,
      deliver: (arn, event) =>
        arn.split(':')[2] === 'sqs'
          ? queues.send(arn, JSON.stringify(event))
          : invokeOrThrow(functions, arn, event),
    }),
    (open) => open.close(),
  );
  const events = ending(
    openEventWiring({
      wiring,
      queues,
      functions,
      directory: folder('events'),
      cores: availableParallelism(),
      log,
    }),
    (open) => open.close(),
  );
  const dataApi = ending(
    await openDataApi({
      clusters: wiring.clusters,
      secrets,
      database: server,
    }),
    (open) => open.close(),
  );

  // Until the buckets know whom to tell, an object would be taken without anybody hearing of it.
  const whole = Promise.withResolvers<void>();
  const s3 = new S3Client({
    endpoint: edgeUrl,
    region: REGION,
    forcePathStyle: true,
    credentials: LOCAL_CREDENTIALS,
  });
  const database = databaseOf(wiring, edgeUrl);
  const gateway: Gateway = ending(
    await startGateway({
      port,
      httpApi: wiring.httpApis[0]!,
      webSocketApis: wiring.webSocketApis,
      functions,
      tokens: cognito,
      report: (error) => log(`gateway: ${error instanceof Error ? error.stack : String(error)}`),
    }),
    (open) => open.close(),
  );
  const bucket = wiring.buckets.find(({ notifications }) => notifications.length > 0)!.name;
  const stack = {
    apiUrl,
    edgeUrl,
    bucket,
    wiring,
    database,
    s3,
    queues,
    functions,
    scheduler: events.scheduler,
    deliveries: events.deliveries,
    dataApi,
    cognito,
  };
  ending<Edge>(
    await startEdge({
      port: edgePort,
      services: {
        sqs: queues,
        s3: {
          async handle(request, response) {
            await whole.promise;
            await objects.handle(request, response);
          },
        },
        events: events.bus,
        scheduler: events.scheduler,
        rdsData: dataApi,
        secrets,
        cognito,
        connections: gateway.connections,
        lambda: openLambda(functions),
      },
      local: localRoutes(stack),
    }),
    (open) => open.close(),
  );
  // What an earlier start left undelivered, of objects or events, meets a schema that is up to date.
  for (const { functionArn } of wiring.triggers) await invokeOrThrow(functions, functionArn, {});
  for (const definition of wiring.buckets) objects.define(definition);
  whole.resolve();
  // Once more, so that it ends first: what runs still needs everything else.
  ending(events, (open) => open.close()).start();
  return {
    ...stack,
    reload(assembly) {
      for (const definition of readWiring(assembly, addresses).functions) functions.replace(definition);
    },
    close,
  };
}

const LOCAL_CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };

function outputOf(wiring: Wiring, key: string): string {
  const found = wiring.outputs.find((one) => one.key === key);
  if (!found) throw new Error(`the template has no output ${key}`);
  return found.value;
}

function databaseOf(wiring: Wiring, edgeUrl: string): Database {
  return openDataApiDatabase({
    clusterArn: outputOf(wiring, 'DatabaseClusterArn'),
    secretArn: outputOf(wiring, 'DatabaseSecretArn'),
    database: outputOf(wiring, 'DatabaseName'),
    client: new RDSDataClient({
      endpoint: edgeUrl,
      region: REGION,
      credentials: LOCAL_CREDENTIALS,
      maxAttempts: 1,
    }),
  });
}

async function invokeOrThrow(functions: Functions, arn: string, event: unknown): Promise<void> {
  const result = await functions.invoke(arn, event);
  if (!result.ok) throw new Error(`${arn.split(':').at(-1)}: ${result.errorType}: ${result.errorMessage}`);
}
