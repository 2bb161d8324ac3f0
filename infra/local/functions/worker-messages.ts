/** Lambda's limit of one answer as JSON, for a call that somebody waits for. */
export const MAX_ANSWER_BYTES = 6_291_556;

/** What the host tells a worker when it starts it. */
export interface WorkerStart {
  readonly modulePath: string;
  readonly exportName: string;
  readonly functionName: string;
  readonly functionArn: string;
  readonly memoryMib: number;
}

/** One call, from the host to the worker. */
export interface WorkerCall {
  readonly requestId: string;
  /** JSON, as on AWS: what does not survive JSON does not reach a handler. */
  readonly event: string;
  readonly deadlineMs: number;
}

export interface WorkerFailure {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly stack: readonly string[];
}

/** From the worker to the host. */
export type WorkerReport =
  | { readonly kind: 'ready' }
  | { readonly kind: 'failedToStart'; readonly failure: WorkerFailure }
  | { readonly kind: 'answer'; readonly requestId: string; readonly payload: string | undefined }
  | { readonly kind: 'failure'; readonly requestId: string; readonly failure: WorkerFailure };
