import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { KeptEnvelope } from '../contracts/events.ts';

/** Publishes events to one bus. */
export interface Bus {
  /** At most 10 at a time. Throws unless the bus took every one. */
  publish(events: readonly KeptEnvelope[]): Promise<void>;
}

/** A bus by its name. `source` and `detail-type` are the envelope's, so that rules can match without opening it. */
export function openBus(busName: string, client = new EventBridgeClient({})): Bus {
  return {
    async publish(events) {
      const answer = await client.send(
        new PutEventsCommand({
          Entries: events.map((event) => ({
            EventBusName: busName,
            Source: event.source,
            DetailType: event.event_type,
            Detail: JSON.stringify(event),
            Time: new Date(event.timestamp),
          })),
        }),
      );
      if (answer.FailedEntryCount) {
        const failure = answer.Entries?.find((entry) => entry.ErrorCode);
        throw new Error(
          `${answer.FailedEntryCount} events not accepted: ${failure?.ErrorCode} ${failure?.ErrorMessage}`,
        );
      }
    },
  };
}
