import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { publicLookup, urlFault } from './public-address.ts';

/** How long a subscriber may take in all, and what is read of its answer. */
const TIMEOUT_MS = 10_000;
const MOST_ANSWER = 4_096;

export interface Posted {
  /** HTTP status; null when no answer came. */
  readonly status: number | null;
  readonly error: string | null;
}

export interface PostOptions {
  /** Also to http://127.0.0.1, for trials on one machine. Default: false. */
  readonly isLoopbackToo?: boolean;
  readonly timeoutMs?: number;
  readonly lookup?: ReturnType<typeof publicLookup>;
}

/** Posts JSON to whoever subscribed: to public addresses only, no redirect followed. Never throws. */
export function postWebhook(
  target: string,
  body: string,
  headers: Readonly<Record<string, string>>,
  { isLoopbackToo = false, timeoutMs = TIMEOUT_MS, lookup = publicLookup() }: PostOptions = {},
): Promise<Posted> {
  const fault = urlFault(target, isLoopbackToo);
  if (fault) return Promise.resolve({ status: null, error: `the URL ${fault}` });
  const url = new URL(target);
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve) => {
    let isDone = false;
    const done = (posted: Posted): void => {
      if (isDone) return;
      isDone = true;
      clearTimeout(timer);
      resolve(posted);
      asking.destroy();
    };
    const asking = send(
      url,
      {
        method: 'POST',
        // a connection of its own: one that is kept was checked for another name
        agent: false,
        lookup: lookup as never,
        headers: {
          'content-type': 'application/json',
          'user-agent': 'smart-inventory/1',
          'content-length': String(Buffer.byteLength(body)),
          ...headers,
        },
      },
      (answer) => {
        const status = answer.statusCode ?? null;
        let read = 0;
        answer.on('data', (chunk: Buffer) => {
          read += chunk.length;
          if (read > MOST_ANSWER) done({ status, error: null });
        });
        answer.on('end', () => done({ status, error: null }));
        answer.on('error', () => done({ status, error: null }));
      },
    );
    const timer = setTimeout(
      () => done({ status: null, error: `no answer in ${timeoutMs / 1000} s` }),
      timeoutMs,
    );
    asking.on('error', (error: NodeJS.ErrnoException) =>
      done({
        status: null,
        error: error.name === 'PrivateAddress' ? error.message : (error.code ?? error.message),
      }),
    );
    asking.end(body);
  });
}
