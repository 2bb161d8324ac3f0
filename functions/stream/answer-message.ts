import * as z from 'zod';
import { CHANNELS, type Channel } from '../../shared/contracts/events.ts';
import { changeChannels } from '../../shared/data/messages/stream-store.ts';
import type { Database } from '../../shared/data/sql/database.ts';

/** What a listener may say. `pong` keeps the connection open and asks what it listens to. */
const Message = z.discriminatedUnion('action', [
  z.object({ action: z.literal('subscribe'), channel: z.enum(CHANNELS) }),
  z.object({ action: z.literal('unsubscribe'), channel: z.enum(CHANNELS) }),
  z.object({ action: z.literal('pong') }),
]);

export type StreamAnswer =
  | { readonly type: 'connected'; readonly channels: readonly Channel[] }
  | {
      readonly type: 'subscribed' | 'unsubscribed';
      readonly channel: Channel;
      readonly channels: readonly Channel[];
    }
  | { readonly type: 'error'; readonly message: string };

/** Answers one message of a listener; every message gets an answer. */
export async function answerMessage(
  database: Database,
  connectionId: string,
  body: string,
): Promise<StreamAnswer> {
  const parsed = Message.safeParse(parseJson(body));
  if (!parsed.success) {
    return {
      type: 'error',
      message: `send {"action":"subscribe"|"unsubscribe"|"pong","channel":${CHANNELS.map((name) => `"${name}"`).join('|')}}`,
    };
  }
  const message = parsed.data;
  const channels = await changeChannels(database, connectionId, (current) => {
    if (message.action === 'subscribe') return new Set([...current, message.channel]);
    if (message.action === 'unsubscribe')
      return new Set([...current].filter((name) => name !== message.channel));
    return current;
  });
  if (!channels) return { type: 'error', message: 'this connection is not known; connect again' };
  if (message.action === 'pong') return { type: 'connected', channels };
  return { type: `${message.action}d`, channel: message.channel, channels };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
