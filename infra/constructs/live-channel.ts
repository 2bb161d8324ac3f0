import { Stack } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigatewayv2';
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Construct } from 'constructs';
import type * as z from 'zod';
import type { StreamEnv } from '../../functions/stream/env.ts';
import { AppFunction, type StageContext } from './app-function.ts';
import type { Database } from './database.ts';

export interface LiveChannelProps extends StageContext {
  readonly database: Database;
}

/** The WebSocket on which listeners hear events. Who connects shows a ticket, which the function checks itself. */
export class LiveChannel extends Construct {
  readonly stream: AppFunction;
  readonly api: apigateway.WebSocketApi;
  readonly stage: apigateway.WebSocketStage;

  constructor(scope: Construct, id: string, { config, codeOf, database }: LiveChannelProps) {
    super(scope, id);
    this.stream = new AppFunction(this, 'Stream', {
      config,
      codeOf,
      name: 'stream',
      description: 'WebSocket: admits listeners, keeps what each wants to hear, forgets who left',
      environment: {
        ...database.environment,
        LOG_LEVEL: config.logLevel,
      } satisfies z.input<typeof StreamEnv>,
    });
    database.openFor(this.stream);
    const route = (name: string) => ({
      integration: new WebSocketLambdaIntegration(name, this.stream.function),
    });
    this.api = new apigateway.WebSocketApi(this, 'Api', {
      description: `Events of smart-inventory ${config.stage}`,
      connectRouteOptions: route('Connecting'),
      disconnectRouteOptions: route('Leaving'),
      defaultRouteOptions: { ...route('Talking'), returnResponse: true },
    });
    this.stage = new apigateway.WebSocketStage(this, 'Live', {
      webSocketApi: this.api,
      stageName: 'live',
      autoDeploy: true,
      ...(config.api.throttle && {
        throttle: { rateLimit: config.api.throttle.rate, burstLimit: config.api.throttle.burst },
      }),
    });
  }

  /** Address of `@connections`, to which a function posts. */
  get pushEndpoint(): string {
    return this.stage.callbackUrl;
  }

  /** Lets a function post to whoever is connected. */
  acceptFrom(pusher: AppFunction): void {
    const connections = Stack.of(this).formatArn({
      service: 'execute-api',
      resource: this.api.apiId,
      resourceName: `${this.stage.stageName}/POST/@connections/*`,
    });
    pusher.allow(['execute-api:ManageConnections'], [connections]);
  }
}
