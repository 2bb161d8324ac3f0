import type * as z from 'zod';
import type { Fault } from '../../../shared/contracts/fault.ts';
import type { Role } from '../../../shared/contracts/role.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';
import type { ApiNeeds } from './needs.ts';
import type { Reply } from './reply.ts';

/** Who asks, as the checked token says. */
export interface User {
  readonly username: string;
  readonly roles: readonly string[];
}

/** A checked request, and the database to answer it from. */
export interface Call<P, Q, B> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly user: User;
  /** In a route that changes something, the transaction of the whole call. */
  readonly db: Statements;
  /** Names what the caller asks for: its Idempotency-Key with its name, else the request. */
  readonly askingKey: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The body as it was sent, for routes that check a signature of it. */
  rawBody(): Buffer;
  /** The whole address that was asked. */
  readonly url: string;
}

/** One row of the API's table: what it takes, who may ask, what it answers. */
export interface RouteSpec<P, Q, B, A> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Such as `/products/{id}`, without a slash at the end. */
  readonly path: string;
  readonly summary: string;
  /** Who may ask; `admin` always may. */
  readonly roles: readonly Role[] | 'public';
  readonly params?: z.ZodType<P>;
  readonly query?: z.ZodType<Q>;
  readonly body?: z.ZodType<B>;
  /** Shape of the JSON answer, or the content type of a route that answers something else. */
  readonly answer: z.ZodType<A> | 'text/html';
  /** Of the answer; 200 by default. */
  readonly status?: number;
  /**
   * `reads`: any number of SELECTs. `changes`: one transaction, events after it. `creates`: the same, and an
   * Idempotency-Key makes a repetition answer what the first call answered. By default GET reads, all else changes.
   */
  readonly effect?: 'reads' | 'changes' | 'creates';
  readonly run: (needs: ApiNeeds, call: Call<P, Q, B>) => Promise<NoInfer<A> | Reply>;
  /** What is to be remembered of a refusal, in a transaction of its own: that of `run` was rolled back. */
  readonly refused?: (needs: ApiNeeds, call: Call<P, Q, B>, fault: Fault) => Promise<void>;
}

/** A route whose parts are checked against each other and then forgotten. */
export type Route = Omit<RouteSpec<unknown, unknown, unknown, unknown>, 'run' | 'refused' | 'effect'> & {
  readonly effect: 'reads' | 'changes' | 'creates';
  readonly run: (needs: ApiNeeds, call: Call<never, never, never>) => Promise<unknown>;
  readonly refused?: (needs: ApiNeeds, call: Call<never, never, never>, fault: Fault) => Promise<void>;
};

/** One route of the table. */
export function route<P = unknown, Q = unknown, B = unknown, A = unknown>(
  spec: RouteSpec<P, Q, B, A>,
): Route {
  const { run, refused, ...rest } = spec;
  return {
    effect: spec.method === 'GET' ? 'reads' : 'changes',
    ...rest,
    run: (needs, call) => run(needs, call as unknown as Call<P, Q, B>),
    ...(refused && {
      refused: (needs, call, fault) => refused(needs, call as unknown as Call<P, Q, B>, fault),
    }),
  };
}
