/** How many wrong passwords one user name may try in a minute. */
export const MAX_FAILED_TRIES = 10;
const WINDOW_MS = 60_000;
/** More names than this are an attack by names: the oldest are forgotten. */
const MAX_NAMES = 10_000;

/** Counts failed sign-ins per user name over the last minute. */
export class GuessLimit {
  readonly #tries = new Map<string, number[]>();

  /** Takes one try, to be given back by `succeeded`; false when the name has none left. Parallel tries count, too. */
  take(name: string, now: number): boolean {
    const recent = (this.#tries.get(name) ?? []).filter((time) => time > now - WINDOW_MS);
    const isAllowed = recent.length < MAX_FAILED_TRIES;
    if (isAllowed) recent.push(now);
    this.#tries.delete(name);
    this.#tries.set(name, recent);
    if (this.#tries.size > MAX_NAMES) this.#tries.delete(this.#tries.keys().next().value!);
    return isAllowed;
  }

  /** A right password wipes the name's failures. */
  succeeded(name: string): void {
    this.#tries.delete(name);
  }
}
