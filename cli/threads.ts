import { extname } from 'node:path';
import { parentPort, Worker } from 'node:worker_threads';

/** What a worker thread answers to one errand. */
type ThreadAnswer<T> = { readonly found: T } | { readonly error: unknown };

/** Starts the file `name`, without extension, beside `from`: in the published package both are JavaScript. */
export function startThread(name: string, from: string): Worker {
  return new Worker(new URL(`${name}${extname(from)}`, from));
}

/** Gives a thread that does nothing else one errand and waits for what it found; throws what the thread threw. */
export function askThread<Errand, T>(thread: Worker, errand: Errand): Promise<T> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      thread.off('message', onMessage).off('error', onError).off('exit', onExit);
    };
    const onMessage = (answer: ThreadAnswer<T>): void => {
      settle();
      if ('error' in answer) reject(answer.error);
      else resolve(answer.found);
    };
    const onError = (error: unknown): void => {
      settle();
      reject(error);
    };
    const onExit = (code: number): void => onError(new Error(`a thread ended early with code ${code}`));
    thread.on('message', onMessage).on('error', onError).on('exit', onExit);
    thread.postMessage(errand);
  });
}

/** Makes this thread one that answers errands, one after the other. */
export function answerErrands<Errand, T>(work: (errand: Errand) => T): void {
  parentPort?.on('message', (errand: Errand) => {
    let answer: ThreadAnswer<T>;
    try {
      answer = { found: work(errand) };
    } catch (error) {
      answer = { error };
    }
    parentPort?.postMessage(answer);
  });
}
