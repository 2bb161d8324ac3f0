// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how CloudFormation writes substitutions
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Template, TemplateResource } from '../../../infra/local/template/assembly.ts';
import { readWiring, wiringOf } from '../../../infra/local/template/read-wiring.ts';
import { tempFolder } from './temp-folder.ts';

const OPTIONS = {
  edgeBase: 'http://127.0.0.1:4566',
  httpBase: 'http://127.0.0.1:8080',
  webSocketBase: 'ws://127.0.0.1:8080',
};
const ARN = (service: string, rest: string) => `arn:aws:${service}:us-east-1:000000000000:${rest}`;

function wired(Resources: Record<string, TemplateResource>, more: Omit<Template, 'Resources'> = {}) {
  const assets = new Map([['abc.zip', '/assets/abc']]);
  return wiringOf([{ name: 'Shop', template: { Resources, ...more }, assets }], OPTIONS);
}

function lambda(properties: Record<string, unknown> = {}): TemplateResource {
  return {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Code: { S3Key: 'abc.zip' },
      Handler: 'index.handler',
      Runtime: 'nodejs24.x',
      ...properties,
    },
  };
}

test('queues take their settings, and dead-letter queues come first', () => {
  const { queues } = wired({
    Work: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        VisibilityTimeout: 180,
        DelaySeconds: 5,
        MessageRetentionPeriod: '1209600',
        ReceiveMessageWaitTimeSeconds: 20,
        RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] }, maxReceiveCount: 3 },
      },
    },
    Dead: { Type: 'AWS::SQS::Queue' },
    Ordered: { Type: 'AWS::SQS::Queue', Properties: { FifoQueue: true, ContentBasedDeduplication: true } },
  });
  expect(queues.map(({ name }) => name)).toEqual(['Dead', 'Work', 'Ordered.fifo']);
  expect(queues[0]).toEqual({
    name: 'Dead',
    arn: ARN('sqs', 'Dead'),
    visibilitySeconds: 30,
    delaySeconds: 0,
    retentionSeconds: 345_600,
    receiveWaitSeconds: 0,
    isFifo: false,
    contentBasedDeduplication: false,
    redrive: undefined,
  });
  expect(queues[1]).toMatchObject({
    visibilitySeconds: 180,
    delaySeconds: 5,
    retentionSeconds: 1_209_600,
    receiveWaitSeconds: 20,
    redrive: { deadLetterArn: ARN('sqs', 'Dead'), maxReceiveCount: 3 },
  });
  expect(queues[2]).toMatchObject({ isFifo: true, contentBasedDeduplication: true });
});

test('notifications come from the custom resource of CDK and from the bucket itself', () => {
  const { buckets } = wired({
    Files: {
      Type: 'AWS::S3::Bucket',
      Properties: {
        NotificationConfiguration: {
          LambdaConfigurations: [
            {
              Event: 's3:ObjectRemoved:*',
              Function: { 'Fn::GetAtt': ['F', 'Arn'] },
              Filter: { S3Key: { Rules: [{ Name: 'suffix', Value: '.csv' }] } },
            },
          ],
        },
      },
    },
    F: lambda(),
    Q: { Type: 'AWS::SQS::Queue' },
    Notifications: {
      Type: 'Custom::S3BucketNotifications',
      Properties: {
        BucketName: { Ref: 'Files' },
        NotificationConfiguration: {
          QueueConfigurations: [
            {
              Events: ['s3:ObjectCreated:*'],
              QueueArn: { 'Fn::GetAtt': ['Q', 'Arn'] },
              Filter: { Key: { FilterRules: [{ Name: 'prefix', Value: 'drop/' }] } },
            },
          ],
        },
      },
    },
  });
  expect(buckets).toMatchObject([{ name: 'files', arn: 'arn:aws:s3:::files' }]);
  expect(buckets[0]!.notifications).toMatchObject([
    { events: ['s3:ObjectRemoved:*'], prefix: '', suffix: '.csv', targetArn: ARN('lambda', 'function:F') },
    { events: ['s3:ObjectCreated:*'], prefix: 'drop/', suffix: '', targetArn: ARN('sqs', 'Q') },
  ]);
});

test('functions have the defaults of Lambda, and the deployment keeps its own', () => {
  const { functions } = wired({
    Plain: lambda(),
    Large: lambda({
      Timeout: 900,
      MemorySize: 1769,
      ReservedConcurrentExecutions: 2,
      Environment: { Variables: { QUEUE_URL: { Ref: 'Q' }, SIZE: 5 } },
    }),
    Q: { Type: 'AWS::SQS::Queue' },
    Python: lambda({ Runtime: 'python3.13' }),
    Provider: lambda(),
    Custom: {
      Type: 'Custom::S3AutoDeleteObjects',
      Properties: { ServiceToken: { 'Fn::GetAtt': ['Provider', 'Arn'] } },
    },
  });
  expect(functions).toEqual([
    {
      name: 'Plain',
      arn: ARN('lambda', 'function:Plain'),
      assetPath: '/assets/abc',
      assetHash: 'abc',
      handler: 'index.handler',
      timeoutSeconds: 3,
      memoryMib: 128,
      reservedConcurrency: undefined,
      environment: {},
    },
    expect.objectContaining({
      name: 'Large',
      timeoutSeconds: 900,
      memoryMib: 1769,
      reservedConcurrency: 2,
      environment: { QUEUE_URL: 'http://127.0.0.1:4566/000000000000/Q', SIZE: '5' },
    }),
  ]);
  expect(() => wired({ Lost: lambda({ Code: { S3Key: 'none.zip' } }) })).toThrow(/Lost has no asset/);
});

test('an event source mapping joins a queue and a function', () => {
  const mapping = (properties: Record<string, unknown>) => ({
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: {
      EventSourceArn: { 'Fn::GetAtt': ['Q', 'Arn'] },
      FunctionName: { Ref: 'F' },
      ...properties,
    },
  });
  const { eventSourceMappings } = wired({
    Q: { Type: 'AWS::SQS::Queue' },
    F: lambda(),
    Simple: mapping({}),
    Full: mapping({
      FunctionName: { 'Fn::GetAtt': ['F', 'Arn'] },
      BatchSize: 1,
      MaximumBatchingWindowInSeconds: 5,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 4 },
      FilterCriteria: { Filters: [{ Pattern: '{"body":{"a":[1]}}' }] },
      Enabled: false,
    }),
  });
  const ends = { queueArn: ARN('sqs', 'Q'), functionArn: ARN('lambda', 'function:F') };
  expect(eventSourceMappings).toEqual([
    {
      id: 'Simple',
      ...ends,
      isEnabled: true,
      batchSize: 10,
      batchingWindowSeconds: 0,
      maximumConcurrency: undefined,
      reportsFailures: false,
      filters: [],
    },
    {
      id: 'Full',
      ...ends,
      isEnabled: false,
      batchSize: 1,
      batchingWindowSeconds: 5,
      maximumConcurrency: 4,
      reportsFailures: true,
      filters: [{ body: { a: [1] } }],
    },
  ]);
});

test('rules select events for their bus, and rules with an expression are schedules', () => {
  const { buses, rules, schedules } = wired({
    Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'shop-events' } },
    Q: { Type: 'AWS::SQS::Queue' },
    Placed: {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventBusName: { Ref: 'Bus' },
        EventPattern: { source: ['shop'] },
        Targets: [
          {
            Id: 'T',
            Arn: { 'Fn::GetAtt': ['Q', 'Arn'] },
            InputTransformer: { InputPathsMap: { a: '$.detail.a' }, InputTemplate: '<a>' },
            DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['Q', 'Arn'] } },
            RetryPolicy: { MaximumRetryAttempts: 4 },
          },
        ],
      },
    },
    Tick: {
      Type: 'AWS::Events::Rule',
      Properties: { ScheduleExpression: 'rate(1 hour)', State: 'DISABLED', Targets: [] },
    },
    Nightly: {
      Type: 'AWS::Scheduler::Schedule',
      Properties: {
        Name: 'nightly',
        GroupName: 'shop',
        ScheduleExpression: 'cron(30 2 * * ? *)',
        ScheduleExpressionTimezone: 'Europe/London',
        State: 'ENABLED',
        Target: { Arn: { 'Fn::GetAtt': ['Q', 'Arn'] }, Input: '{"a":1}' },
      },
    },
  });
  expect(buses).toEqual([{ name: 'shop-events', arn: ARN('events', 'event-bus/shop-events') }]);
  expect(rules).toMatchObject([
    {
      name: 'Placed',
      arn: ARN('events', 'rule/shop-events/Placed'),
      busName: 'shop-events',
      isEnabled: true,
      pattern: { source: ['shop'] },
      targets: [
        {
          arn: ARN('sqs', 'Q'),
          deadLetterArn: ARN('sqs', 'Q'),
          maximumRetryAttempts: 4,
          inputTransformer: { paths: { a: '$.detail.a' }, template: '<a>' },
        },
      ],
    },
  ]);
  expect(schedules).toMatchObject([
    {
      name: 'nightly',
      kind: 'schedule',
      groupName: 'shop',
      arn: ARN('scheduler', 'schedule/shop/nightly'),
      timeZone: 'Europe/London',
      isEnabled: true,
      targets: [{ arn: ARN('sqs', 'Q'), input: '{"a":1}' }],
    },
    { name: 'Tick', kind: 'rule', expression: 'rate(1 hour)', timeZone: 'UTC', isEnabled: false },
  ]);
});

test('a cluster knows its secrets, whichever way the password is kept', () => {
  const secret = {
    GenerateSecretString: { SecretStringTemplate: '{"username":"app"}', GenerateStringKey: 'password' },
  };
  const { clusters, secrets, functions } = wired({
    Managed: {
      Type: 'AWS::RDS::DBCluster',
      Properties: { DatabaseName: 'inventory', ManageMasterUserPassword: true, MasterUsername: 'root' },
    },
    App: { Type: 'AWS::SecretsManager::Secret', Properties: secret },
    Attached: { Type: 'AWS::SecretsManager::Secret', Properties: secret },
    Attachment: {
      Type: 'AWS::SecretsManager::SecretTargetAttachment',
      Properties: { SecretId: { Ref: 'Attached' }, TargetId: { Ref: 'Managed' } },
    },
    Own: {
      Type: 'AWS::RDS::DBCluster',
      Properties: {
        MasterUserPassword: {
          'Fn::Join': ['', ['{{resolve:secretsmanager:', { Ref: 'Attached' }, ':SecretString:password::}}']],
        },
      },
    },
    F: lambda({
      Environment: {
        Variables: {
          SECRET: { Ref: 'Attachment' },
          CLUSTER: { 'Fn::Join': ['', ['arn:aws:rds:us-east-1:000000000000:cluster:', { Ref: 'Managed' }]] },
          PORT: { 'Fn::GetAtt': ['Managed', 'Endpoint.Port'] },
        },
      },
    }),
  });
  const arnOf = (name: string) => ARN('secretsmanager', `secret:${name}`);
  expect(clusters).toEqual([
    {
      arn: ARN('rds', 'cluster:managed'),
      databaseName: 'inventory',
      masterSecretArn: arnOf('rds!cluster-managed'),
      secretArns: [arnOf('rds!cluster-managed'), arnOf('Attached'), arnOf('App')],
    },
    {
      arn: ARN('rds', 'cluster:own'),
      databaseName: '',
      masterSecretArn: arnOf('Attached'),
      secretArns: [arnOf('Attached'), arnOf('App')],
    },
  ]);
  expect(secrets).toContainEqual({
    arn: arnOf('rds!cluster-managed'),
    name: 'rds!cluster-managed',
    template: { username: 'root' },
    generateKey: 'password',
  });
  expect(functions[0]!.environment).toEqual({
    SECRET: arnOf('Attached'),
    CLUSTER: clusters[0]!.arn,
    PORT: '3306',
  });
});

const APIS: Record<string, TemplateResource> = {
  F: lambda({
    Environment: {
      Variables: {
        API_URL: { 'Fn::GetAtt': ['Http', 'ApiEndpoint'] },
        SOCKET_URL: {
          'Fn::Join': [
            '',
            ['wss://', { Ref: 'Socket' }, '.execute-api.', { Ref: 'AWS::Region' }, '.amazonaws.com/live'],
          ],
        },
        PUSH_URL: { 'Fn::Sub': 'https://${Socket}.execute-api.${AWS::Region}.${AWS::URLSuffix}/live' },
        ISSUER: { 'Fn::Sub': 'https://cognito-idp.${AWS::Region}.amazonaws.com/${Users}' },
      },
    },
  }),
  Http: {
    Type: 'AWS::ApiGatewayV2::Api',
    Properties: {
      Name: 'Shop',
      ProtocolType: 'HTTP',
      CorsConfiguration: {
        AllowOrigins: ['https://a'],
        AllowMethods: ['GET'],
        MaxAge: 60,
        AllowCredentials: true,
      },
    },
  },
  HttpStage: {
    Type: 'AWS::ApiGatewayV2::Stage',
    Properties: { ApiId: { Ref: 'Http' }, StageName: '$default', StageVariables: { colour: 'red' } },
  },
  Integration: {
    Type: 'AWS::ApiGatewayV2::Integration',
    Properties: {
      ApiId: { Ref: 'Http' },
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: { 'Fn::GetAtt': ['F', 'Arn'] },
      PayloadFormatVersion: '2.0',
    },
  },
  Authorizer: {
    Type: 'AWS::ApiGatewayV2::Authorizer',
    Properties: {
      ApiId: { Ref: 'Http' },
      AuthorizerType: 'JWT',
      JwtConfiguration: {
        Audience: [{ Ref: 'Client' }],
        Issuer: { 'Fn::Sub': 'https://cognito-idp.${AWS::Region}.amazonaws.com/${Users}' },
      },
    },
  },
  Open: {
    Type: 'AWS::ApiGatewayV2::Route',
    Properties: {
      ApiId: { Ref: 'Http' },
      RouteKey: 'GET /health',
      Target: { 'Fn::Join': ['', ['integrations/', { Ref: 'Integration' }]] },
    },
  },
  Guarded: {
    Type: 'AWS::ApiGatewayV2::Route',
    Properties: {
      ApiId: { Ref: 'Http' },
      RouteKey: '$default',
      AuthorizationType: 'JWT',
      AuthorizerId: { Ref: 'Authorizer' },
      AuthorizationScopes: ['read'],
      Target: { 'Fn::Join': ['', ['integrations/', { Ref: 'Integration' }]] },
    },
  },
  Socket: {
    Type: 'AWS::ApiGatewayV2::Api',
    Properties: { Name: 'Live', ProtocolType: 'WEBSOCKET', RouteSelectionExpression: '$request.body.kind' },
  },
  SocketStage: {
    Type: 'AWS::ApiGatewayV2::Stage',
    Properties: { ApiId: { Ref: 'Socket' }, StageName: 'live' },
  },
  SocketIntegration: {
    Type: 'AWS::ApiGatewayV2::Integration',
    Properties: {
      ApiId: { Ref: 'Socket' },
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: {
        'Fn::Join': [
          '',
          [
            'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/',
            { 'Fn::GetAtt': ['F', 'Arn'] },
            '/invocations',
          ],
        ],
      },
    },
  },
  Connect: {
    Type: 'AWS::ApiGatewayV2::Route',
    Properties: {
      ApiId: { Ref: 'Socket' },
      RouteKey: '$connect',
      Target: { 'Fn::Join': ['', ['integrations/', { Ref: 'SocketIntegration' }]] },
    },
  },
  Users: { Type: 'AWS::Cognito::UserPool' },
  Client: {
    Type: 'AWS::Cognito::UserPoolClient',
    Properties: {
      UserPoolId: { Ref: 'Users' },
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'],
      AccessTokenValidity: 15,
      TokenValidityUnits: { AccessToken: 'minutes' },
    },
  },
  Admins: {
    Type: 'AWS::Cognito::UserPoolGroup',
    Properties: { GroupName: 'admin', UserPoolId: { Ref: 'Users' } },
  },
};
const F = ARN('lambda', 'function:F');

test('an HTTP API has its routes, authorizers, CORS and stage variables', () => {
  expect(wired(APIS).httpApis).toEqual([
    {
      apiId: 'Http',
      name: 'Shop',
      stageName: '$default',
      stageVariables: { colour: 'red' },
      cors: {
        allowOrigins: ['https://a'],
        allowMethods: ['GET'],
        allowHeaders: [],
        exposeHeaders: [],
        allowCredentials: true,
        maxAgeSeconds: 60,
      },
      routes: [
        { routeKey: 'GET /health', functionArn: F, payloadFormat: '2.0', timeoutMs: 30_000 },
        {
          routeKey: '$default',
          functionArn: F,
          payloadFormat: '2.0',
          timeoutMs: 30_000,
          authorizer: {
            issuer: 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Users',
            audience: ['Client'],
            scopes: ['read'],
          },
        },
      ],
    },
  ]);
});

test('a WebSocket API has its routes, whose functions are inside a longer address', () => {
  expect(wired(APIS).webSocketApis).toEqual([
    {
      apiId: 'Socket',
      name: 'Live',
      stageName: 'live',
      stageVariables: {},
      routeSelectionExpression: '$request.body.kind',
      routes: [{ routeKey: '$connect', functionArn: F, answers: false }],
    },
  ]);
});

test('a user pool has its clients and groups', () => {
  expect(wired(APIS).userPools).toEqual([
    {
      id: 'us-east-1_Users',
      arn: ARN('cognito-idp', 'userpool/us-east-1_Users'),
      name: 'Users',
      clients: [
        { id: 'Client', name: 'Client', authFlows: ['ALLOW_USER_PASSWORD_AUTH'], accessTokenMinutes: 15 },
      ],
      groups: ['admin'],
    },
  ]);
});

test('addresses of APIs become local ones, and the issuer stays', () => {
  expect(wired(APIS).functions[0]!.environment).toEqual({
    API_URL: 'http://127.0.0.1:8080',
    SOCKET_URL: 'ws://127.0.0.1:8080/live',
    PUSH_URL: 'http://127.0.0.1:4566/live',
    ISSUER: 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Users',
  });
});

test('a route that no function answers is refused by name', () => {
  const other = { ...APIS.Integration!.Properties, IntegrationType: 'HTTP_PROXY' };
  expect(() => wired({ ...APIS, Integration: { ...APIS.Integration!, Properties: other } })).toThrow(
    /Open.*HTTP_PROXY/,
  );
});

test('triggers come after what they depend on, and name the function behind its version', () => {
  const trigger = (version: string, DependsOn: string[] = []): TemplateResource => ({
    Type: 'Custom::Trigger',
    Properties: { HandlerArn: { Ref: version }, InvocationType: 'RequestResponse' },
    DependsOn,
  });
  const version = (name: string) => ({
    Type: 'AWS::Lambda::Version',
    Properties: { FunctionName: { Ref: name } },
  });
  const { triggers } = wired({
    Last: trigger('SeedV1', ['Middle']),
    Middle: { Type: 'AWS::IAM::Policy', DependsOn: 'First' },
    First: trigger('MigrateV1'),
    Migrate: lambda(),
    MigrateV1: version('Migrate'),
    Seed: lambda(),
    SeedV1: version('Seed'),
  });
  expect(triggers).toEqual([
    { id: 'First', functionArn: ARN('lambda', 'function:Migrate'), isWaitedFor: true },
    { id: 'Last', functionArn: ARN('lambda', 'function:Seed'), isWaitedFor: true },
  ]);
});

test('a function URL tells whether it streams', () => {
  const { functionUrls, outputs } = wired(
    {
      F: lambda(),
      Url: {
        Type: 'AWS::Lambda::Url',
        Properties: {
          TargetFunctionArn: { 'Fn::GetAtt': ['F', 'Arn'] },
          InvokeMode: 'RESPONSE_STREAM',
          AuthType: 'NONE',
        },
      },
    },
    { Outputs: { Url: { Value: { 'Fn::GetAtt': ['Url', 'FunctionUrl'] } } } },
  );
  expect(functionUrls).toEqual([
    { functionArn: F, functionName: 'F', isStreaming: true, needsSignature: false },
  ]);
  expect(outputs).toEqual([
    { stack: 'Shop', key: 'Url', description: '', value: 'http://127.0.0.1:8080/_functions/F/' },
  ]);
});

test('types on the list are ignored, and any other is reported', () => {
  const { unknown } = wired({
    Role: { Type: 'AWS::IAM::Role' },
    Alarm: { Type: 'AWS::CloudWatch::Alarm' },
    Table: { Type: 'AWS::DynamoDB::Table' },
  });
  expect(unknown).toEqual([{ stack: 'Shop', logicalId: 'Table', type: 'AWS::DynamoDB::Table' }]);
});

/** Two stacks of which the second uses the first, listed the wrong way round, the first in a nested assembly. */
function writtenAssembly(): string {
  const folder = tempFolder();
  const nested = join(folder, 'assembly-inner');
  mkdirSync(nested);
  const write = (path: string, value: unknown) => writeFileSync(path, JSON.stringify(value));
  write(join(folder, 'manifest.json'), {
    artifacts: {
      Use: {
        type: 'aws:cloudformation:stack',
        properties: { templateFile: 'Use.template.json', stackName: 'use-stack' },
        dependencies: ['Inner'],
      },
      Inner: { type: 'cdk:cloud-assembly', properties: { directoryName: 'assembly-inner' } },
      Tree: { type: 'cdk:tree', properties: { file: 'tree.json' } },
    },
  });
  write(join(nested, 'manifest.json'), {
    artifacts: {
      Base: { type: 'aws:cloudformation:stack', properties: { templateFile: 'Base.template.json' } },
    },
  });
  write(join(nested, 'Base.template.json'), {
    Resources: { Q: { Type: 'AWS::SQS::Queue' }, Both: { Type: 'AWS::SQS::Queue' } },
    Outputs: {
      Url: { Value: { Ref: 'Q' }, Export: { Name: { 'Fn::Sub': '${AWS::StackName}:Url' } } },
      Name: { Value: { 'Fn::GetAtt': ['Q', 'QueueName'] } },
    },
  });
  write(join(folder, 'Use.assets.json'), {
    files: {
      abc: { source: { path: 'asset.abc' }, destinations: { here: { objectKey: 'abc.zip' } } },
    },
  });
  write(join(folder, 'Use.template.json'), {
    Resources: {
      Both: { Type: 'AWS::SQS::Queue' },
      F: lambda({
        Environment: {
          Variables: {
            STRONG: { 'Fn::ImportValue': 'Base:Url' },
            WEAK: {
              'Fn::GetStackOutput': { StackName: 'Base', OutputName: 'Name', Region: { Ref: 'AWS::Region' } },
            },
          },
        },
      }),
    },
  });
  return folder;
}

test('stacks read each other by export and by output, and assets come from the manifest', () => {
  const folder = writtenAssembly();
  const { functions, outputs } = readWiring(folder, OPTIONS);
  expect(functions).toMatchObject([
    {
      assetPath: join(folder, 'asset.abc'),
      assetHash: 'abc',
      environment: { STRONG: 'http://127.0.0.1:4566/000000000000/Q', WEAK: 'Q' },
    },
  ]);
  expect(outputs.map(({ stack, key }) => `${stack}.${key}`)).toEqual(['Base.Url', 'Base.Name']);
});

test('the same logical id in two stacks gives two names', () => {
  const { queues } = readWiring(writtenAssembly(), OPTIONS);
  expect(queues.map(({ name }) => name).sort()).toEqual(['Base-Both', 'Q', 'use-stack-Both']);
});
