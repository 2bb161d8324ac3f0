import { randomUUID } from 'node:crypto';
import { ACCOUNT, REGION } from '../account.ts';
import type { EdgeService } from '../services.ts';
import type { BusRule, EventBus } from '../template/wiring.ts';
import { busApi } from './bus-api.ts';
import type { BusEvent } from './bus-event.ts';
import { checkPattern } from './check-pattern.ts';
import { matchesPattern } from './match-pattern.ts';
import type { Deliveries } from './open-deliveries.ts';
import { type PutEntry, putEntryFault } from './put-entry.ts';
import { targetPayload } from './target-payload.ts';

export interface PutResult {
  readonly EventId?: string;
  readonly ErrorCode?: string;
  readonly ErrorMessage?: string;
}

export interface BusRuleStatus {
  readonly rule: BusRule;
  readonly matched: number;
}

/** The event buses: what is put on one reaches the targets of every rule that fits. */
export interface Bus extends EdgeService {
  /** Once this returns, every accepted event is in the journal of deliveries. */
  put(entries: readonly PutEntry[]): PutResult[];
  buses(): readonly EventBus[];
  rules(): readonly BusRuleStatus[];
}

export interface BusSettings {
  readonly buses: readonly EventBus[];
  readonly rules: readonly BusRule[];
  readonly deliveries: Pick<Deliveries, 'accept'>;
}

/** Opens the buses of the template and the account's `default` bus. */
export function openBus(settings: BusSettings): Bus {
  const ofAccount = { name: 'default', arn: `arn:aws:events:${REGION}:${ACCOUNT}:event-bus/default` };
  const named = new Map([ofAccount, ...settings.buses].map((bus) => [bus.name, bus]));
  for (const rule of settings.rules) {
    checkPattern(rule.pattern);
    if (!named.has(rule.busName)) throw new Error(`Rule ${rule.name} listens to no bus: ${rule.busName}`);
  }
  const matched = new Map<string, number>();

  const deliveriesOf = (busName: string, event: BusEvent) =>
    settings.rules
      .filter((rule) => rule.isEnabled && rule.busName === busName && matchesPattern(rule.pattern, event))
      .flatMap((rule) => {
        matched.set(rule.arn, (matched.get(rule.arn) ?? 0) + 1);
        return rule.targets.map((target) => ({ target, payload: targetPayload(target, event, rule) }));
      });

  const put = (entries: readonly PutEntry[]): PutResult[] => {
    const deliveries: { target: BusRule['targets'][number]; payload: string }[] = [];
    const results = entries.map((entry): PutResult => {
      const busName = (entry.EventBusName ?? 'default').split('/').at(-1)!;
      const fault = putEntryFault(entry, named.has(busName));
      if (fault) return fault;
      const event: BusEvent = {
        version: '0',
        id: randomUUID(),
        'detail-type': entry.DetailType!,
        source: entry.Source!,
        account: ACCOUNT,
        time: eventTime(entry.Time),
        region: REGION,
        resources: entry.Resources ?? [],
        detail: JSON.parse(entry.Detail!),
      };
      deliveries.push(...deliveriesOf(busName, event));
      return { EventId: event.id };
    });
    if (deliveries.length > 0) settings.deliveries.accept(deliveries);
    return results;
  };

  const bus: Omit<Bus, 'handle'> = {
    put,
    buses: () => [...named.values()],
    rules: () => settings.rules.map((rule) => ({ rule, matched: matched.get(rule.arn) ?? 0 })),
  };
  return { ...bus, ...busApi(bus) };
}

/** Seconds precision, as EventBridge writes it. */
function eventTime(time: number | string | undefined): string {
  const date = time === undefined ? new Date() : new Date(typeof time === 'number' ? time * 1000 : time);
  return date.toISOString().replace(/\.\d{3}Z$/, 'Z');
}
