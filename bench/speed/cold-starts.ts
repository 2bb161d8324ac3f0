import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { baseEnvironment } from '../../infra/local/functions/base-environment.ts';
import { openFunctions } from '../../infra/local/functions/open-functions.ts';
import type { FunctionDefinition } from '../../infra/local/services.ts';
import type { Stack } from '../../infra/local/start-stack.ts';

export interface ColdStart {
  readonly name: string;
  readonly bundleBytes: number;
  /** First call of a fresh worker thread, from its creation to the answer: median of several. */
  readonly coldMs: number;
  /** The calls after it: median. */
  readonly warmMs: number;
  /** Whether the function took the event, or refused it at once. */
  readonly answered: boolean;
}

const FRESH_WORKERS = 3;
const WARM_CALLS = 5;

/** Starts each function anew and calls it with an event that asks for next to nothing. */
export async function measureColdStarts({ wiring, edgeUrl }: Stack): Promise<ColdStart[]> {
  const results: ColdStart[] = [];
  for (const definition of wiring.functions) results.push(await measureOne(definition, edgeUrl));
  return results;
}

async function measureOne(definition: FunctionDefinition, edgeBase: string): Promise<ColdStart> {
  const name = shortName(definition.name);
  const cold: number[] = [];
  const warm: number[] = [];
  let answered = true;
  for (let i = 0; i < FRESH_WORKERS; i++) {
    const functions = openFunctions({
      environment: baseEnvironment({ edgeBase }),
      cores: availableParallelism(),
      log: () => undefined,
    });
    try {
      functions.define(definition);
      for (let call = 0; call <= WARM_CALLS; call++) {
        const began = performance.now();
        const { ok } = await functions.invoke(definition.arn, idleEvent(name));
        (call === 0 ? cold : warm).push(performance.now() - began);
        answered &&= ok;
      }
    } finally {
      await functions.close();
    }
  }
  const bundleBytes = statSync(join(definition.assetPath, 'index.mjs')).size;
  return { name, bundleBytes, coldMs: median(cold), warmMs: median(warm), answered };
}

const KNOWN = [
  'api',
  'forecast',
  'ingest',
  'migrate',
  'notify',
  'plan',
  'restock',
  'simulate',
  'stream',
  'train',
];

/** The word for the function in the name that CloudFormation would make up. */
const shortName = (name: string): string => KNOWN.find((one) => name.toLowerCase().includes(one)) ?? name;

function idleEvent(name: string): object {
  if (name === 'api') {
    return {
      version: '2.0',
      routeKey: 'GET /health',
      rawPath: '/health',
      rawQueryString: '',
      headers: {},
      isBase64Encoded: false,
      requestContext: {
        requestId: 'bench',
        http: { method: 'GET', path: '/health', sourceIp: '127.0.0.1' },
      },
    };
  }
  if (name === 'stream') return { requestContext: { routeKey: '$disconnect', connectionId: 'nobody' } };
  return name === 'migrate' ? {} : { Records: [] };
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1]!;
