import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * The seams between the parts of the local runtime. Every part implements one of these; `start.ts` joins them.
 * ARNs are the only names that cross a seam.
 */

/** One AWS API behind the edge port. The edge picks it by the credential scope, the target header or the path. */
export interface EdgeService {
  /** Answers one request; the body is still unread, so that large objects stream. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/** A part that holds files, sockets or children. */
export interface Closable {
  close(): Promise<void>;
}

// ---------------------------------------------------------------- queues

export interface QueueDefinition {
  readonly name: string;
  readonly arn: string;
  readonly visibilitySeconds: number;
  readonly delaySeconds: number;
  readonly retentionSeconds: number;
  readonly receiveWaitSeconds: number;
  readonly isFifo: boolean;
  readonly contentBasedDeduplication: boolean;
  readonly redrive: { readonly deadLetterArn: string; readonly maxReceiveCount: number } | undefined;
}

export interface ReceivedMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly md5OfBody: string;
  /** SentTimestamp, ApproximateReceiveCount, ... all as text. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageAttributes: Readonly<Record<string, QueueMessageAttribute>>;
}

export interface QueueMessageAttribute {
  readonly dataType: string;
  readonly stringValue?: string;
  readonly binaryValue?: string;
}

export interface QueueCounts {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
  readonly oldestAgeSeconds: number;
}

/** The queues as the pollers, the bus, the scheduler and the object store use them, without a socket in between. */
export interface Queues extends EdgeService, Closable {
  /** Creates the queue, or brings its settings up to date and keeps its messages. */
  define(queue: QueueDefinition): void;
  urlOf(queueArn: string): string;
  /**
   * Makes every message that is in flight visible again, without counting the delivery: whoever held it died with the
   * process of an earlier start, and waiting for the visibility timeout would help nobody.
   */
  releaseHeld(): void;
  send(
    queueArn: string,
    body: string,
    options?: { groupId?: string; deduplicationId?: string },
  ): Promise<void>;
  /** At most `max` messages; waits up to `waitMs` for the first, less when `signal` aborts. */
  receive(queueArn: string, max: number, waitMs: number, signal?: AbortSignal): Promise<ReceivedMessage[]>;
  delete(queueArn: string, receiptHandles: readonly string[]): Promise<void>;
  counts(queueArn: string): QueueCounts;
  /** Moves all dead letters back to the queues they came from; answers how many. */
  redrive(deadLetterArn: string): Promise<number>;
  /** The messages of a queue without receiving them, for people who look. */
  peek(queueArn: string, max: number): readonly { messageId: string; body: string; receiveCount: number }[];
}

// ---------------------------------------------------------------- objects

export interface BucketDefinition {
  readonly name: string;
  readonly arn: string;
  readonly notifications: readonly BucketNotification[];
}

export interface BucketNotification {
  readonly id: string;
  /** Such as `s3:ObjectCreated:*`. */
  readonly events: readonly string[];
  readonly prefix: string;
  readonly suffix: string;
  readonly targetArn: string;
}

/** Delivers one S3 event document to a queue or a function. */
export type DeliverNotification = (targetArn: string, event: object) => Promise<void>;

export interface Objects extends EdgeService, Closable {
  define(bucket: BucketDefinition): void;
}

// ---------------------------------------------------------------- secrets

export interface Secrets extends EdgeService {
  /**
   * Keeps the value of an earlier start; otherwise makes one, or none without `generateKey`. `arn` is what the
   * template's Ref resolves to.
   */
  define(secret: {
    readonly arn: string;
    readonly template: Readonly<Record<string, string>>;
    readonly generateKey: string | undefined;
  }): void;
  /** Gives a secret this text for a value. */
  put(arn: string, text: string): void;
  /** The secret's JSON document, or undefined. Accepts the ARN of an attachment to it. */
  get(arn: string): Readonly<Record<string, string>> | undefined;
}

// ---------------------------------------------------------------- database

/** The RDS Data API in front of the database child process. */
export interface DataApi extends EdgeService, Closable {
  /** The next `calls` requests fail with DatabaseResumingException. */
  pretendResuming(calls: number): void;
}

export interface ClusterDefinition {
  readonly arn: string;
  readonly databaseName: string;
  readonly masterSecretArn: string;
  /** Every secret that may sign in, the master's included. */
  readonly secretArns: readonly string[];
}

// ---------------------------------------------------------------- functions

export interface FunctionDefinition {
  readonly name: string;
  readonly arn: string;
  /** Folder of the bundled asset, and its hash. */
  readonly assetPath: string;
  readonly assetHash: string;
  /** `index.handler`. */
  readonly handler: string;
  readonly timeoutSeconds: number;
  readonly memoryMib: number;
  readonly reservedConcurrency: number | undefined;
  readonly environment: Readonly<Record<string, string>>;
}

export type InvokeResult =
  | { readonly ok: true; readonly payload: unknown }
  | {
      readonly ok: false;
      readonly errorType: string;
      readonly errorMessage: string;
      readonly stack?: readonly string[];
    };

/** Functions in worker threads, one per concurrent execution. */
export interface Functions extends Closable {
  define(definition: FunctionDefinition): void;
  /** Waits up to `waitMs` (default: for ever) for a free worker, then answers errorType `TooManyRequestsException`. */
  invoke(functionArn: string, event: unknown, options?: { waitMs?: number }): Promise<InvokeResult>;
  list(): readonly FunctionStatus[];
  /** Lets running workers finish and starts new ones from the asset now at this path. */
  replace(definition: FunctionDefinition): void;
}

export interface FunctionStatus {
  readonly name: string;
  readonly arn: string;
  readonly assetHash: string;
  readonly workers: number;
  readonly running: number;
  readonly invocations: number;
  readonly errors: number;
}
