import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { answerRequest } from '../../../functions/api/http/answer-request.ts';
import type { ApiNeeds } from '../../../functions/api/http/needs.ts';
import { openSignIn } from '../../../functions/api/http/sign-in.ts';
import { ROUTES } from '../../../functions/api/routes.ts';
import { openCognito } from '../../../infra/local/cognito/open-cognito.ts';
import { startGateway } from '../../../infra/local/gateway/start-gateway.ts';
import type { HttpRoute } from '../../../infra/local/template/wiring.ts';
import { ROLES, type Role } from '../../../shared/contracts/role.ts';
import { openApi } from './api-fixture.ts';

const pool = {
  id: 'eu-west-1_Users',
  arn: 'arn:aws:cognito-idp:eu-west-1:000000000000:userpool/eu-west-1_Users',
  name: 'users',
  clients: [
    {
      id: 'client1',
      name: 'api',
      authFlows: ['ALLOW_USER_PASSWORD_AUTH'],
      accessTokenMinutes: 60,
      refreshTokenMinutes: 1440,
    },
  ],
  groups: ROLES,
};
const issuer = 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Users';

const open = (routeKey: string): HttpRoute => ({
  routeKey,
  functionArn: 'api',
  timeoutMs: 30_000,
});

export type ServedApi = Awaited<ReturnType<typeof serveApi>>;

/**
 * Sign-in, gateway and API as they are joined on one machine, on a port of their own, with a real database behind
 * them. `more` replaces single needs of the API.
 */
export async function serveApi(more: Partial<ApiNeeds> = {}) {
  const home = mkdtempSync(join(tmpdir(), 'smart-inventory-'));
  const cognito = await openCognito({
    pools: [pool],
    directory: join(home, 'cognito'),
    credentialsPath: join(home, 'credentials.json'),
  });
  const edge = createServer((request, response) => void cognito.handle(request, response));
  await new Promise<void>((resolve) => edge.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(edge.address() as AddressInfo).port}`;
  const client = new CognitoIdentityProviderClient({ endpoint, region: 'eu-west-1', maxAttempts: 1 });
  const api = await openApi({ signIn: openSignIn('client1', client), ...more });
  const gateway = await startGateway({
    port: 0,
    httpApi: {
      apiId: 'api1',
      name: 'api',
      stageName: '$default',
      stageVariables: {},
      routes: [
        open('GET /'),
        open('GET /assets/{proxy+}'),
        open('GET /health'),
        open('GET /health/{proxy+}'),
        open('POST /auth/token'),
        open('POST /auth/token/{proxy+}'),
        open('POST /webhooks/{connection}'),
        {
          ...open('POST /webhooks/subscriptions'),
          authorizer: { issuer, audience: ['client1'], scopes: [] },
        },
        { ...open('$default'), authorizer: { issuer, audience: ['client1'], scopes: [] } },
      ],
    },
    webSocketApis: [],
    functions: {
      invoke: async (_arn, event) => ({
        ok: true,
        payload: await answerRequest(api.needs, ROUTES, JSON.parse(JSON.stringify(event))),
      }),
    },
    tokens: cognito,
  });
  return {
    url: gateway.url,
    api,
    /** Each role has a user of its name. */
    passwordOf: (role: Role): string =>
      cognito.createdUsers.find(({ username }) => username === role)!.password,
    async close(): Promise<void> {
      await gateway.close();
      await api.close();
      edge.closeAllConnections();
      await new Promise((resolve) => edge.close(resolve));
      rmSync(home, { recursive: true, force: true });
    },
  };
}
