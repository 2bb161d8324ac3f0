import { SqsError } from './sqs-error.ts';

/** The JSON object of a request; every field is still unchecked. */
export type Input = Readonly<Record<string, unknown>>;

/** A text that must be there. */
export function requiredText(input: Input, name: string): string {
  const value = optionalText(input, name);
  if (value === undefined || value === '') {
    throw new SqsError('MissingParameter', `The request must contain the parameter ${name}.`);
  }
  return value;
}

/** A text, or undefined where it is absent. */
export function optionalText(input: Input, name: string): string | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw invalid(name, value, 'must be a string');
  return value;
}

/** A whole number inside its bounds, or undefined where it is absent. */
export function optionalInteger(input: Input, name: string, low: number, high: number): number | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < low || value > high) {
    throw invalid(name, value, `must be an integer between ${low} and ${high}`);
  }
  return value;
}

/** A list of texts; absent is empty. */
export function textList(input: Input, name: string): readonly string[] {
  const value = input[name] ?? [];
  if (!Array.isArray(value) || !value.every((entry) => typeof entry === 'string')) {
    throw invalid(name, value, 'must be a list of strings');
  }
  return value;
}

/** A map of texts; absent is empty. */
export function textMap(input: Input, name: string): Readonly<Record<string, string>> {
  const value = record(input, name);
  for (const [key, entry] of Object.entries(value)) {
    if (typeof entry !== 'string') throw invalid(`${name}.${key}`, entry, 'must be a string');
  }
  return value as Record<string, string>;
}

/** An object; absent is empty. */
export function record(input: Input, name: string): Readonly<Record<string, unknown>> {
  const value = input[name] ?? {};
  if (!isRecord(value)) throw invalid(name, value, 'must be an object');
  return value;
}

/** Tells objects from lists, null and scalars. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(name: string, value: unknown, reason: string): SqsError {
  const shown = String(JSON.stringify(value)).slice(0, 100);
  return new SqsError(
    'InvalidParameterValue',
    `Value ${shown} for parameter ${name} is invalid. Reason: ${reason}.`,
  );
}
