import type { RuleTarget } from '../template/wiring.ts';
import type { BusEvent } from './bus-event.ts';

/** The text that a target gets for an event: the whole of it, a part of it, a fixed text, or a filled template. */
export function targetPayload(
  target: RuleTarget,
  event: BusEvent,
  rule: { readonly arn: string; readonly name: string },
): string {
  if (target.input !== undefined) return target.input;
  if (target.inputPath !== undefined) return JSON.stringify(atPath(event, target.inputPath) ?? null);
  if (target.inputTransformer === undefined) return JSON.stringify(event);
  const { paths, template } = target.inputTransformer;
  const values = new Map<string, unknown>(
    Object.entries(paths).map(([name, path]) => [name, atPath(event, path)]),
  );
  values.set('aws.events.rule-arn', rule.arn);
  values.set('aws.events.rule-name', rule.name);
  values.set('aws.events.event.ingestion-time', event.time);
  values.set('aws.events.event.json', event);
  values.set('aws.events.event', { ...event, detail: undefined });
  return fill(template, values);
}

/** Inside quotes a value is spliced in as text, outside as JSON. Placeholders without a name in the map stay. */
function fill(template: string, values: ReadonlyMap<string, unknown>): string {
  let isQuoted = false;
  return template.replace(/\\.|"|<([^<>\s]+)>/gs, (part, name: string | undefined) => {
    if (part === '"') isQuoted = !isQuoted;
    if (name === undefined || !values.has(name)) return part;
    const value = values.get(name) ?? null;
    if (!isQuoted) return JSON.stringify(value);
    const text = typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value);
    return JSON.stringify(text).slice(1, -1);
  });
}

/** The value at a path such as `$.detail.items[0].id`. */
export function atPath(event: unknown, path: string): unknown {
  let value = event;
  for (const [, plain, index, quoted] of path.matchAll(/\.([^.[\]]+)|\[(\d+)\]|\['([^']+)'\]/g)) {
    if (value === null || typeof value !== 'object') return undefined;
    value = (value as Record<string, unknown>)[(plain ?? index ?? quoted)!];
  }
  return value;
}
