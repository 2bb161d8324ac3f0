import type { Random } from '../../shared/core/math/random.ts';

export interface Message {
  readonly id: string;
  readonly body: string;
  receives: number;
}

/** Deliveries before a message is put aside. */
const MAX_RECEIVES = 4;
const LARGEST_BATCH = 3;

/**
 * A standard queue of SQS at its worst: any order, any delay, messages delivered again although they were done, and
 * some that get lost on the way until they are announced anew. What fails too often becomes a dead letter.
 */
export class VirtualQueue {
  /** Whether it misbehaves; it does not while things settle. */
  isFaulty = true;
  readonly waiting: Message[] = [];
  readonly lost: Message[] = [];
  readonly dead: Message[] = [];
  readonly counts = new Map<string, number>();
  #inFlight = 0;
  #sent = 0;
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  send(message: unknown): void {
    this.sendText(JSON.stringify(message));
  }

  sendText(body: string): void {
    this.#sent += 1;
    const message = { id: `m${this.#sent}`, body, receives: 0 };
    if (this.isFaulty && this.#random.integer(25) === 0) {
      this.#count('message lost for a while');
      this.lost.push(message);
    } else {
      this.waiting.push(message);
    }
  }

  get isIdle(): boolean {
    return this.waiting.length === 0 && this.#inFlight === 0;
  }

  /** Some messages, in any order; now and then one stays to be delivered once more. */
  receive(): Message[] {
    const batch: Message[] = [];
    const size = 1 + this.#random.integer(LARGEST_BATCH);
    while (batch.length < size && this.waiting.length > 0) {
      const at = this.#random.integer(this.waiting.length);
      if (at > 0) this.#count('message overtaken');
      const [message] = this.waiting.splice(at, 1);
      message!.receives += 1;
      batch.push(message!);
    }
    if (this.isFaulty) {
      for (const message of batch) {
        if (this.#random.integer(8) > 0) continue;
        this.#count('message delivered twice');
        this.waiting.push({ ...message });
      }
    }
    this.#inFlight += batch.length;
    return batch;
  }

  /** What failed comes back, or is put aside; the rest is done with. */
  settle(batch: readonly Message[], failed: ReadonlySet<string>): void {
    this.#inFlight -= batch.length;
    for (const message of batch) {
      if (!failed.has(message.id)) continue;
      this.#count('message came back');
      if (message.receives < MAX_RECEIVES) {
        this.waiting.push(message);
      } else {
        this.#count('dead letter');
        this.dead.push(message);
      }
    }
  }

  /** What an operator does when the trouble is over: announces what was lost, and sends the dead letters again. */
  redrive(): void {
    for (const message of [...this.lost.splice(0), ...this.dead.splice(0)]) {
      this.waiting.push({ ...message, receives: 0 });
    }
  }

  #count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }
}
