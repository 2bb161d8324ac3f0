import * as z from 'zod';
import { Fault } from '../../../shared/contracts/fault.ts';
import { forgetOldAnswers } from '../../../shared/data/messages/idempotency-store.ts';
import {
  bodyBytes,
  bodyText,
  checked,
  checkedBody,
  HttpEvent,
  readBody,
  urlOf,
  userOf,
} from './http-request.ts';
import { type Asking, askOnce } from './idempotency.ts';
import { matchRoutes } from './match-route.ts';
import type { ApiNeeds } from './needs.ts';
import { faultReply, problemReply } from './problem.ts';
import { limitRate } from './rate-limit.ts';
import { isReply, jsonReply, type Reply } from './reply.ts';
import type { Call, Route, User } from './route.ts';

/** Answers one HTTP API event from the table of routes. Never throws: what is no refusal is reported and a 500. */
export async function answerRequest(
  needs: ApiNeeds,
  routes: readonly Route[],
  input: unknown,
): Promise<Reply> {
  const event = HttpEvent.parse(input);
  const { requestId } = event.requestContext;
  try {
    return await dispatch(needs, routes, event);
  } catch (error) {
    if (error instanceof Fault) {
      if (error.kind === 'unavailable') needs.report(error.message, error.cause);
      return faultReply(error, requestId);
    }
    needs.report('request failed', error);
    const detail = `Something went wrong on our side. Quote request ${requestId} when you report it.`;
    return problemReply({ status: 500, title: 'Internal error', detail }, requestId);
  }
}

async function dispatch(needs: ApiNeeds, routes: readonly Route[], event: HttpEvent): Promise<Reply> {
  const { requestId } = event.requestContext;
  // A HEAD is a GET whose body nobody sends on.
  const method = event.requestContext.http.method === 'HEAD' ? 'GET' : event.requestContext.http.method;
  const match = matchRoutes(routes, event.rawPath);
  if (!match) {
    const file = method === 'GET' ? needs.files.answer(event.rawPath, event.headers) : undefined;
    if (file) return file;
    throw new Fault('missing', `There is nothing at ${event.rawPath}`);
  }
  const route = match.routes.find((one) => one.method === method);
  if (!route) {
    const allow = match.routes.map((one) => one.method).join(', ');
    const detail = `${event.rawPath} takes ${allow}`;
    return problemReply({ status: 405, title: 'Method not allowed', detail, headers: { allow } }, requestId);
  }
  const user = userOf(event);
  if (needs.isRateLimited && !UNCOUNTED.has(route.path))
    await limitRate(needs.database, event.requestContext.http.sourceIp, user?.username, needs.now());
  mustBeAllowed(route, user);
  return runRoute(needs, route, match.params, user ?? ANONYMOUS, event);
}

/** Shops post in bursts from few addresses, and not all of them post again what was refused. */
const UNCOUNTED: ReadonlySet<string> = new Set(['/health', '/webhooks/{connection}']);

const ANONYMOUS: User = { username: 'anonymous', roles: [] };

function mustBeAllowed({ roles }: Route, user: User | undefined): void {
  if (roles === 'public') return;
  if (!user) throw new Fault('unauthenticated', 'This needs an access token');
  const isAllowed = user.roles.some((role) => role === 'admin' || roles.some((allowed) => allowed === role));
  if (!isAllowed) throw new Fault('forbidden', `This needs one of the roles ${roles.join(', ')}`);
}

async function runRoute(
  needs: ApiNeeds,
  route: Route,
  pathParams: Readonly<Record<string, string>>,
  user: User,
  event: HttpEvent,
): Promise<Reply> {
  const { headers, rawPath, requestContext } = event;
  const anything = z.unknown();
  const checkedInput = {
    params: checked(route.params ?? anything, pathParams, 'path'),
    query: checked(route.query ?? anything, queryOf(event.rawQueryString), 'query'),
    body: route.body ? checkedBody(route.body, readBody(event) ?? {}) : undefined,
  };
  const key = headers['idempotency-key'];
  // Only where the key makes a repetition harmless does it name the asking: elsewhere it may come with another body.
  const isKeyed = route.effect === 'creates' && key !== undefined;
  const askingKey = isKeyed ? `${user.username}/${key}` : requestContext.requestId;
  const call = {
    ...checkedInput,
    user,
    askingKey,
    headers,
    rawBody: () => bodyBytes(event),
    url: urlOf(event),
  };
  const run = async (db: Call<unknown, unknown, unknown>['db']): Promise<Reply> =>
    replyOf(route, await route.run(needs, { ...call, db } as Call<never, never, never>));

  if (route.effect === 'reads') return run(needs.database);
  const asking: Asking | undefined = isKeyed
    ? { username: user.username, key, request: `${route.method} ${rawPath}\n${bodyText(event)}` }
    : undefined;
  const reply = await needs.database
    .transaction((tx) => (asking ? askOnce(tx, asking, run) : run(tx)))
    .catch((error) => remembered(needs, route, call, error));
  await afterCommit(needs, asking !== undefined);
  return reply;
}

/** Lets the route remember the refusal, and refuses. */
async function remembered(
  needs: ApiNeeds,
  route: Route,
  call: Omit<Call<unknown, unknown, unknown>, 'db'>,
  error: unknown,
): Promise<never> {
  if (error instanceof Fault && route.refused) {
    await needs.database
      .transaction((db) => route.refused!(needs, { ...call, db } as Call<never, never, never>, error))
      .catch((failure) => needs.report('a refusal is not remembered', failure));
  }
  throw error;
}

/** The effect is committed: what fails now is reported and made up for by a later call, not told to the caller. */
async function afterCommit(needs: ApiNeeds, isKeyed: boolean): Promise<void> {
  await needs.publishEvents().catch((error) => needs.report('events are waiting', error));
  // Now and then, so that the table stays small without a job of its own.
  if (!isKeyed || needs.now().getTime() % 16 !== 0) return;
  await forgetOldAnswers(needs.database).catch((error) => needs.report('old answers are kept', error));
}

function replyOf(route: Route, result: unknown): Reply {
  if (route.answer === 'text/html') return result as Reply;
  if (isReply(result)) return result;
  return jsonReply(route.status ?? 200, route.answer.parse(result));
}

/** Query values; of a name that is given twice, the last. Empty ones count as absent. */
function queryOf(text: string): Record<string, string> {
  return Object.fromEntries([...new URLSearchParams(text)].filter(([, value]) => value !== ''));
}
