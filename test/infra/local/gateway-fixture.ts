import { onTestFinished } from 'vitest';
import type { TokenKeys } from '../../../infra/local/gateway/authorize.ts';
import {
  type Gateway,
  type GatewayOptions,
  startGateway,
} from '../../../infra/local/gateway/start-gateway.ts';
import type {
  HttpApiDefinition,
  HttpRoute,
  WebSocketApiDefinition,
} from '../../../infra/local/template/wiring.ts';

export const nobody: TokenKeys = { keyOf: () => undefined };

export const httpRoute = (routeKey: string, more: Partial<HttpRoute> = {}): HttpRoute => ({
  routeKey,
  functionArn: 'echo',
  timeoutMs: 30_000,
  ...more,
});

export const httpApi = (
  routes: readonly HttpRoute[],
  more: Partial<HttpApiDefinition> = {},
): HttpApiDefinition => ({
  apiId: 'api1',
  name: 'api',
  stageName: '$default',
  stageVariables: {},
  routes,
  ...more,
});

export const webSocketApi = (
  routes: Readonly<Record<string, string>>,
  more: Partial<WebSocketApiDefinition> = {},
): WebSocketApiDefinition => ({
  apiId: 'ws1',
  name: 'stream',
  stageName: 'live',
  stageVariables: {},
  routeSelectionExpression: '$request.body.action',
  routes: Object.entries(routes).map(([routeKey, functionArn]) => ({
    routeKey,
    functionArn,
    answers: false,
  })),
  ...more,
});

/** A gateway on a free port for as long as the running test; an error of its own fails the test. */
export async function openGateway(options: Partial<GatewayOptions>): Promise<Gateway> {
  const errors: unknown[] = [];
  const gateway = await startGateway({
    port: 0,
    httpApi: httpApi([]),
    webSocketApis: [],
    functions: { invoke: async () => ({ ok: true, payload: null }) },
    tokens: nobody,
    report: (error) => errors.push(error),
    ...options,
  });
  onTestFinished(async () => {
    await gateway.close();
    if (errors.length > 0) throw errors[0];
  });
  return gateway;
}
