import { keepSession, readSession, type Session } from './session.ts';

/** A refusal of the API, in the words of its problem document. */
export class ApiError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Exchanges a password for a token. */
export async function signIn(username: string, password: string): Promise<Session> {
  const answer = (await call('POST', '/auth/token', { username, password })) as { access_token: string };
  const session = { username, token: answer.access_token };
  keepSession(session);
  return session;
}

export const get = <T>(path: string): Promise<T> => call('GET', path) as Promise<T>;

/** A POST that may be sent again: the key makes its effect happen once. */
export const post = <T>(path: string, body: unknown = {}): Promise<T> =>
  call('POST', path, body) as Promise<T>;

async function call(method: string, path: string, body?: unknown): Promise<unknown> {
  const headers: Record<string, string> = {};
  const session = readSession();
  if (session) headers.authorization = `Bearer ${session.token}`;
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (method === 'POST') headers['idempotency-key'] = crypto.randomUUID();
  const response = await fetch(path, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const answer: unknown = text === '' ? null : JSON.parse(text);
  if (!response.ok) {
    if (response.status === 401 && readSession()) {
      // the token has ended: the page begins again, with the form
      keepSession(undefined);
      location.reload();
    }
    throw new ApiError(response.status, wordsOf(answer as Problem | null) ?? response.statusText);
  }
  return answer;
}

interface Problem {
  readonly detail?: string;
  readonly title?: string;
  readonly message?: string;
  readonly errors?: readonly { readonly field: string; readonly reason: string }[];
}

function wordsOf(problem: Problem | null): string | undefined {
  const what = problem?.detail ?? problem?.title ?? problem?.message;
  const fields = problem?.errors?.map(({ field, reason }) => `${field} ${reason}`) ?? [];
  return fields.length === 0 ? what : `${what}: ${fields.join('; ')}`;
}
