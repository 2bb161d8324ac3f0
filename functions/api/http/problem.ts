import { FAULT_STATUS, Fault, type FaultDetail, type FaultKind } from '../../../shared/contracts/fault.ts';
import type { Reply } from './reply.ts';

const TITLE: Readonly<Record<FaultKind, string>> = {
  invalid: 'Invalid input',
  unauthenticated: 'Sign in first',
  forbidden: 'Not allowed',
  missing: 'Not found',
  conflict: 'Conflict',
  limited: 'Too many requests',
  unavailable: 'Try again later',
};

/** Seconds after which a refusal of these kinds may be over. */
const RETRY_AFTER: Partial<Record<FaultKind, number>> = { unavailable: 5, limited: 60 };

/** What a problem document says besides its status. */
export interface Problem {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly errors?: readonly FaultDetail[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** An error answer of RFC 9457. */
export function problemReply({ status, title, detail, errors, headers }: Problem, requestId: string): Reply {
  const body = {
    type: 'about:blank',
    title,
    status,
    detail,
    ...(errors && errors.length > 0 && { errors }),
    request_id: requestId,
  };
  return {
    statusCode: status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...headers },
    body: JSON.stringify(body),
  };
}

/** A refusal as a problem document. */
export function faultReply(fault: Fault, requestId: string): Reply {
  const retryAfter = fault instanceof Limited ? fault.retryAfterSeconds : RETRY_AFTER[fault.kind];
  const headers = {
    ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
    ...(fault.kind === 'unauthenticated' && { 'www-authenticate': 'Bearer' }),
  };
  const { kind, message: detail, details: errors } = fault;
  return problemReply({ status: FAULT_STATUS[kind], title: TITLE[kind], detail, errors, headers }, requestId);
}

/** Fault `limited` that knows when the limit is over. */
export class Limited extends Fault {
  readonly retryAfterSeconds: number;

  constructor(message: string, retryAfterSeconds: number) {
    super('limited', message);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
