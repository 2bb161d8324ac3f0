import { RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import * as apigateway from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpUserPoolAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { StageConfig } from '../config.ts';
import { type AppFunction, retentionOf } from './app-function.ts';
import type { Identity } from './identity.ts';

const { GET, POST } = apigateway.HttpMethod;

/**
 * What answers without a token. A route of an HTTP API cannot end in a slash; the greedy sibling takes that form, and
 * the function answers 404 for whatever else it lets in.
 */
const PUBLIC_ROUTES: readonly (readonly [method: apigateway.HttpMethod, path: string])[] = [
  [GET, '/'],
  [GET, '/assets/{proxy+}'],
  [GET, '/health'],
  [GET, '/health/{proxy+}'],
  [GET, '/openapi.json'],
  [GET, '/openapi.json/{proxy+}'],
  [GET, '/docs'],
  [GET, '/docs/{proxy+}'],
  [POST, '/auth/token'],
  [POST, '/auth/token/{proxy+}'],
  // a shop cannot sign in: the function checks its signature
  [POST, '/webhooks/{connection}'],
];

/** What a public route with a parameter would let in otherwise: the gateway prefers the literal path. */
const CLOSED_ROUTES: readonly (readonly [method: apigateway.HttpMethod, path: string])[] = [
  [POST, '/webhooks/subscriptions'],
];

export interface HttpDoorProps {
  readonly config: StageConfig;
  readonly answers: AppFunction;
  readonly identity: Identity;
}

/** The HTTP API: a few public routes; for all else the gateway checks the token before the function is asked. */
export class HttpDoor extends Construct {
  readonly api: apigateway.HttpApi;

  constructor(scope: Construct, id: string, { config, answers, identity }: HttpDoorProps) {
    super(scope, id);
    this.api = new apigateway.HttpApi(this, 'Api', {
      description: `smart-inventory ${config.stage}`,
      createDefaultStage: false,
    });
    // one permission for the whole API; the policy of a function has room for some twenty
    const integration = new HttpLambdaIntegration('Function', answers.function, {
      scopePermissionToRoute: false,
    });
    for (const [method, path] of PUBLIC_ROUTES) {
      this.api.addRoutes({
        path,
        methods: [method],
        integration,
        authorizer: new apigateway.HttpNoneAuthorizer(),
      });
    }
    const authorizer = new HttpUserPoolAuthorizer('Token', identity.pool, {
      userPoolClients: [identity.client],
    });
    for (const [method, path] of CLOSED_ROUTES)
      this.api.addRoutes({ path, methods: [method], integration, authorizer });
    new apigateway.HttpRoute(this, 'Everything', {
      httpApi: this.api,
      routeKey: apigateway.HttpRouteKey.DEFAULT,
      integration,
      authorizer,
    });
    const accessLog = new logs.LogGroup(this, 'AccessLog', {
      retention: retentionOf(config.logDays),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    new apigateway.HttpStage(this, 'Serving', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      ...(config.api.throttle && {
        throttle: { rateLimit: config.api.throttle.rate, burstLimit: config.api.throttle.burst },
      }),
      accessLogSettings: {
        destination: new apigateway.LogGroupLogDestination(accessLog),
        format: AccessLogFormat.custom(
          JSON.stringify({
            requestId: '$context.requestId',
            time: '$context.requestTime',
            ip: '$context.identity.sourceIp',
            user: '$context.authorizer.claims.username',
            method: '$context.httpMethod',
            path: '$context.path',
            status: '$context.status',
            latencyMs: '$context.responseLatency',
            bytes: '$context.responseLength',
            error: '$context.error.message',
          }),
        ),
      },
    });
  }
}
