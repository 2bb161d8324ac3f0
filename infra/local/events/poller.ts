import { setTimeout as sleep } from 'node:timers/promises';
import type { ReceivedMessage } from '../services.ts';
import type { EventSourceMapping } from '../template/wiring.ts';
import { failedMessages } from './failed-messages.ts';
import { matchesPattern } from './match-pattern.ts';
import { queueEvent } from './queue-event.ts';
import type { PollerSettings } from './start-pollers.ts';

const LONG_POLL_MS = 2_000;
const MOST_PER_RECEIVE = 10;
const MOST_PER_BATCH = 10_000;
/** After an error of the queue itself, so that a broken queue is not asked in a tight loop. */
const PAUSE_MS = 1_000;

/** Feeds one function from one queue: as many loops as invocations may run at once, each with a batch in hand. */
export class Poller {
  readonly #mapping: EventSourceMapping;
  readonly #settings: PollerSettings;
  readonly #stopping = new AbortController();
  readonly #loops: Promise<void>[];
  /** Loops that wait for a first message; more than one would only split batches. */
  #polling: Promise<void> = Promise.resolve();

  constructor(mapping: EventSourceMapping, settings: PollerSettings) {
    this.#mapping = mapping;
    this.#settings = settings;
    const loops = Math.max(1, mapping.maximumConcurrency ?? settings.concurrency);
    this.#loops = Array.from({ length: Math.min(loops, settings.concurrency) }, () => this.#loop());
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#loops);
  }

  async #loop(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      try {
        const messages = await this.#inTurn(() => this.#collect());
        if (messages.length > 0) await this.#process(messages);
      } catch (error) {
        this.#settings.log(`${this.#mapping.id}: ${String(error)}`);
        await sleep(PAUSE_MS, undefined, { signal: this.#stopping.signal }).catch(() => {});
      }
    }
  }

  /** One loop collects at a time; the others wait with nothing in hand. */
  async #inTurn<T>(collect: () => Promise<T>): Promise<T> {
    const before = this.#polling;
    const done = Promise.withResolvers<void>();
    this.#polling = done.promise;
    await before;
    try {
      return await collect();
    } finally {
      done.resolve();
    }
  }

  /** A batch: full, or what came until the window closed after its first message. */
  async #collect(): Promise<ReceivedMessage[]> {
    const { batchSize, batchingWindowSeconds, queueArn } = this.#mapping;
    const { signal } = this.#stopping;
    const size = Math.min(batchSize, MOST_PER_BATCH);
    if (signal.aborted) return [];
    const { queues } = this.#settings;
    const messages = await queues.receive(queueArn, Math.min(size, MOST_PER_RECEIVE), LONG_POLL_MS, signal);
    const closes = Date.now() + batchingWindowSeconds * 1000;
    while (messages.length > 0 && messages.length < size && !signal.aborted) {
      const leftMs = closes - Date.now();
      if (leftMs <= 0) break;
      const room = Math.min(size - messages.length, MOST_PER_RECEIVE);
      messages.push(...(await queues.receive(queueArn, room, Math.min(leftMs, LONG_POLL_MS), signal)));
    }
    return messages;
  }

  async #process(received: readonly ReceivedMessage[]): Promise<void> {
    const { queueArn, functionArn, reportsFailures } = this.#mapping;
    const wanted = received.filter((message) => this.#isWanted(message));
    const ids = wanted.map(({ messageId }) => messageId);
    let failed: ReadonlySet<string> = new Set();
    if (wanted.length > 0) {
      const result = await this.#settings.functions.invoke(functionArn, queueEvent(queueArn, wanted));
      failed = failedMessages(result, reportsFailures, ids);
      if (!result.ok) this.#settings.log(`${this.#mapping.id}: ${result.errorType}: ${result.errorMessage}`);
    }
    // Failed ones stay hidden until their visibility ends, then they come back or go to the dead letters.
    const done = received.filter(({ messageId }) => !failed.has(messageId));
    if (done.length > 0)
      await this.#settings.queues.delete(
        queueArn,
        done.map(({ receiptHandle }) => receiptHandle),
      );
  }

  #isWanted(message: ReceivedMessage): boolean {
    const { filters } = this.#mapping;
    if (filters.length === 0) return true;
    let body: unknown = message.body;
    try {
      body = JSON.parse(message.body);
    } catch {
      // A body that is no JSON is compared as text.
    }
    return filters.some((filter) => matchesPattern(filter, { ...message, body }));
  }
}
