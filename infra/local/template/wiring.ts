import type {
  BucketDefinition,
  ClusterDefinition,
  FunctionDefinition,
  QueueDefinition,
} from '../services.ts';

/** Everything that the synthesized templates wire together, with all references resolved. */
export interface Wiring {
  readonly queues: readonly QueueDefinition[];
  readonly buckets: readonly BucketDefinition[];
  readonly functions: readonly FunctionDefinition[];
  readonly eventSourceMappings: readonly EventSourceMapping[];
  readonly buses: readonly EventBus[];
  readonly rules: readonly BusRule[];
  readonly schedules: readonly Schedule[];
  readonly clusters: readonly ClusterDefinition[];
  readonly secrets: readonly SecretDefinition[];
  readonly httpApis: readonly HttpApiDefinition[];
  readonly webSocketApis: readonly WebSocketApiDefinition[];
  readonly userPools: readonly UserPoolDefinition[];
  /** Functions to invoke once after everything is defined, in the order of their dependencies. */
  readonly triggers: readonly Trigger[];
  readonly outputs: readonly Output[];
  /** Resource types that the interpreter neither wires nor ignores on purpose. */
  readonly unknown: readonly UnknownResource[];
}

/** A queue that feeds a function. */
export interface EventSourceMapping {
  readonly id: string;
  readonly queueArn: string;
  readonly functionArn: string;
  readonly isEnabled: boolean;
  readonly batchSize: number;
  readonly batchingWindowSeconds: number;
  /** Upper limit of concurrent invocations, if the template sets one. */
  readonly maximumConcurrency: number | undefined;
  /** ReportBatchItemFailures is on. */
  readonly reportsFailures: boolean;
  /** Event filter patterns; a message that matches none is deleted unseen. Empty: no filter. */
  readonly filters: readonly object[];
}

export interface EventBus {
  readonly name: string;
  readonly arn: string;
}

/** Where a rule sends an event and in which shape. At most one of the three inputs is set. */
export interface RuleTarget {
  readonly id: string;
  readonly arn: string;
  readonly input: string | undefined;
  readonly inputPath: string | undefined;
  readonly inputTransformer: InputTransformer | undefined;
  readonly deadLetterArn: string | undefined;
  readonly maximumRetryAttempts: number | undefined;
  /** Of a FIFO queue. */
  readonly messageGroupId: string | undefined;
}

export interface InputTransformer {
  readonly paths: Readonly<Record<string, string>>;
  readonly template: string;
}

/** A rule of a bus that selects events by a pattern. */
export interface BusRule {
  readonly name: string;
  readonly arn: string;
  readonly busName: string;
  readonly isEnabled: boolean;
  readonly description: string;
  readonly pattern: object;
  readonly targets: readonly RuleTarget[];
}

/** A time plan: an EventBridge Scheduler schedule, or a rule with a ScheduleExpression (then in UTC). */
export interface Schedule {
  readonly name: string;
  readonly arn: string;
  readonly groupName: string;
  readonly kind: 'schedule' | 'rule';
  readonly description: string;
  /** `rate(...)`, `cron(...)` or `at(...)`. */
  readonly expression: string;
  readonly timeZone: string;
  readonly isEnabled: boolean;
  readonly targets: readonly RuleTarget[];
}

export interface SecretDefinition {
  readonly arn: string;
  readonly name: string;
  /** Fixed keys of the JSON document. */
  readonly template: Readonly<Record<string, string>>;
  /** Key whose value is generated; undefined for a secret that is made without a value. */
  readonly generateKey: string | undefined;
}

export interface JwtAuthorizer {
  readonly issuer: string;
  readonly audience: readonly string[];
  /** Scopes of the route; a token needs one of them. Empty: any token. */
  readonly scopes: readonly string[];
}

export interface HttpRoute {
  /** Such as `GET /products/{id}` or `$default`. */
  readonly routeKey: string;
  readonly functionArn: string;
  readonly authorizer?: JwtAuthorizer;
  readonly timeoutMs: number;
}

export interface CorsDefinition {
  readonly allowOrigins: readonly string[];
  readonly allowMethods: readonly string[];
  readonly allowHeaders: readonly string[];
  readonly exposeHeaders: readonly string[];
  readonly allowCredentials: boolean;
  readonly maxAgeSeconds: number;
}

export interface HttpApiDefinition {
  readonly apiId: string;
  readonly name: string;
  readonly stageName: string;
  readonly stageVariables: Readonly<Record<string, string>>;
  readonly routes: readonly HttpRoute[];
  readonly cors?: CorsDefinition;
}

export interface WebSocketRoute {
  readonly routeKey: string;
  readonly functionArn: string;
  /** The function's answer goes back over the socket. */
  readonly answers: boolean;
}

export interface WebSocketApiDefinition {
  readonly apiId: string;
  readonly name: string;
  readonly stageName: string;
  readonly stageVariables: Readonly<Record<string, string>>;
  /** Such as `$request.body.action`. */
  readonly routeSelectionExpression: string;
  readonly routes: readonly WebSocketRoute[];
}

export interface UserPoolDefinition {
  readonly id: string;
  readonly arn: string;
  readonly name: string;
  readonly clients: readonly UserPoolClient[];
  readonly groups: readonly string[];
}

export interface UserPoolClient {
  readonly id: string;
  readonly name: string;
  /** Such as `ALLOW_USER_PASSWORD_AUTH`. */
  readonly authFlows: readonly string[];
  readonly accessTokenMinutes: number;
  readonly refreshTokenMinutes: number;
}

export interface Trigger {
  readonly id: string;
  readonly functionArn: string;
}

export interface Output {
  readonly stack: string;
  readonly key: string;
  readonly description: string;
  readonly value: string;
}

export interface UnknownResource {
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
}
