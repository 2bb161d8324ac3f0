import { Fault } from '../../contracts/fault.ts';

/** Runs work, so much of it at once; the rest waits in the order in which it came. */
export type Turns = <T>(work: () => Promise<T>) => Promise<T>;

/** Lets `atOnce` pieces of work run together. Fault `unavailable` when `mostWaiting` wait already. */
export function takeTurns(atOnce: number, mostWaiting: number): Turns {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running === atOnce) {
      if (waiting.length === mostWaiting) throw new Fault('unavailable', 'Too much is asked at once');
      // Whoever ends hands its place on, so that nobody who comes later takes it.
      await new Promise<void>((go) => waiting.push(go));
    } else running++;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}
