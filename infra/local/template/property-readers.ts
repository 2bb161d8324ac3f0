import { ACCOUNT, REGION } from '../account.ts';

/** A number property; CloudFormation also takes numbers in quotes. */
export function numberOf(value: unknown, fallback: number): number {
  if (value === undefined) return fallback;
  const number = Number(value);
  if (!Number.isFinite(number)) throw new Error(`Expected a number, found ${JSON.stringify(value)}`);
  return number;
}

export function optionalNumberOf(value: unknown): number | undefined {
  return value === undefined ? undefined : numberOf(value, 0);
}

export function isTrue(value: unknown): boolean {
  return value === true || value === 'true';
}

export function textOf(value: unknown, fallback = ''): string {
  return value === undefined ? fallback : String(value);
}

export function optionalTextOf(value: unknown): string | undefined {
  return value === undefined ? undefined : String(value);
}

export function textsOf(value: unknown): string[] {
  return value === undefined ? [] : [value].flat().map(String);
}

/** A list property whose items are objects. */
export function itemsOf(value: unknown): Record<string, unknown>[] {
  return (Array.isArray(value) ? value : []) as Record<string, unknown>[];
}

export function objectOf(value: unknown): Record<string, unknown> {
  return (value ?? {}) as Record<string, unknown>;
}

export function textMapOf(value: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(objectOf(value)).map(([key, item]) => [key, String(item)]));
}

/** A property that may be JSON text or an object. */
export function jsonOf(value: unknown): Record<string, unknown> {
  return typeof value === 'string' ? (JSON.parse(value) as Record<string, unknown>) : objectOf(value);
}

/** The ARN of the function in an integration URI, a version, an alias or a plain name. */
export function functionArnOf(value: unknown): string {
  const text = textOf(value);
  const match = /arn:[\w-]+:lambda:[\w-]*:\d*:function:[\w-]+/.exec(text);
  if (match) return match[0];
  return `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${text}`;
}
