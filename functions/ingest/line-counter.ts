/**
 * Counts how often a key has been seen: open addressing over typed arrays, 10 bytes a slot, because a file may
 * hold millions of keys. Keys are 64 bits of a good hash; `limit` bounds the number of different ones.
 */
export class LineCounter {
  #high: Uint32Array;
  #low: Uint32Array;
  #counts: Uint16Array;
  #used = 0;
  readonly #limit: number;

  constructor(limit: number, slots = 1 << 16) {
    this.#limit = limit;
    this.#high = new Uint32Array(slots);
    this.#low = new Uint32Array(slots);
    this.#counts = new Uint16Array(slots);
  }

  /** 1 for the first time this key is seen, 2 for the second, ...; undefined beyond 65,535. */
  next(high: number, low: number): number | undefined {
    if (this.#used * 2 >= this.#counts.length) this.#grow();
    const slot = this.#slotOf(high, low);
    if (this.#counts[slot] === 0) {
      if (this.#used === this.#limit) throw new RangeError(`more than ${this.#limit} different lines`);
      this.#used++;
      this.#high[slot] = high;
      this.#low[slot] = low;
    }
    if (this.#counts[slot] === 0xffff) return undefined;
    return ++this.#counts[slot]!;
  }

  #slotOf(high: number, low: number): number {
    const mask = this.#counts.length - 1;
    let slot = low & mask;
    while (this.#counts[slot] !== 0 && (this.#low[slot] !== low || this.#high[slot] !== high)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #grow(): void {
    const [high, low, counts] = [this.#high, this.#low, this.#counts];
    const slots = counts.length * 2;
    this.#high = new Uint32Array(slots);
    this.#low = new Uint32Array(slots);
    this.#counts = new Uint16Array(slots);
    for (let i = 0; i < counts.length; i++) {
      if (counts[i] === 0) continue;
      const slot = this.#slotOf(high[i]!, low[i]!);
      this.#high[slot] = high[i]!;
      this.#low[slot] = low[i]!;
      this.#counts[slot] = counts[i]!;
    }
  }
}
