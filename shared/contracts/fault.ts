/** The kinds of refusal that callers are told about; anything else that is thrown is a bug. */
export type FaultKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'missing'
  | 'conflict'
  | 'limited'
  | 'unavailable';

/** HTTP status of each kind. `conflict` and `unavailable` are worth a retry. */
export const FAULT_STATUS: Readonly<Record<FaultKind, number>> = {
  invalid: 422,
  unauthenticated: 401,
  forbidden: 403,
  missing: 404,
  conflict: 409,
  limited: 429,
  unavailable: 503,
};

/** One thing wrong with an input: where, and why. */
export interface FaultDetail {
  readonly field?: string;
  readonly line?: number;
  readonly reason: string;
}

/** A refusal with a reason that may be shown to the caller. */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly kind: FaultKind;
  readonly details: readonly FaultDetail[];

  constructor(
    kind: FaultKind,
    message: string,
    options: { cause?: unknown; details?: readonly FaultDetail[] } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.details = options.details ?? [];
  }
}
