import { S3Error } from './s3-error.ts';

/** How long a file the policy allows. */
export interface AllowedLength {
  readonly low: number;
  readonly high: number;
}

// Fields that no condition has to name.
const EXEMPT = new Set(['policy', 'x-amz-signature', 'signature', 'awsaccesskeyid', 'bucket']);

/** Refuses a form that its policy does not allow: its end, each condition, and fields that no condition names. */
export function checkPolicy(
  encoded: string | undefined,
  fields: ReadonlyMap<string, string>,
  now: number,
): AllowedLength {
  if (encoded === undefined || !(fields.has('x-amz-signature') || fields.has('signature'))) {
    throw new S3Error('AccessDenied', 'A form needs a signed policy.');
  }
  const { expiration, conditions } = decode(encoded);
  if (!(now <= Date.parse(expiration))) throw denied('Policy expired.');
  let allowed: AllowedLength = { low: 0, high: Number.POSITIVE_INFINITY };
  const named = new Set(EXEMPT);
  for (const condition of conditions) {
    if (!Array.isArray(condition)) {
      for (const [name, value] of Object.entries(condition)) checkField(fields, named, 'eq', name, value);
      continue;
    }
    const [kind, first, second] = condition;
    const operator = String(kind).toLowerCase();
    if (operator === 'content-length-range') allowed = { low: Number(first), high: Number(second) };
    else checkField(fields, named, operator, String(first).replace(/^\$/, ''), second);
  }
  for (const name of fields.keys()) {
    if (!named.has(name) && !name.startsWith('x-ignore-')) throw denied(`Extra input fields: ${name}`);
  }
  return allowed;
}

function checkField(
  fields: ReadonlyMap<string, string>,
  named: Set<string>,
  operator: string,
  rawName: string,
  expected: unknown,
): void {
  const name = rawName.toLowerCase();
  named.add(name);
  const actual = fields.get(name) ?? '';
  const text = String(expected);
  const isMet =
    (operator === 'eq' && actual === text) || (operator === 'starts-with' && startsWith(name, actual, text));
  if (!isMet) throw denied(`Policy Condition failed: ["${operator}", "$${rawName}", "${text}"]`);
}

// A list of content types meets the condition if each of them does.
function startsWith(name: string, actual: string, prefix: string): boolean {
  const values = name === 'content-type' ? actual.split(',') : [actual];
  return values.every((value) => value.startsWith(prefix));
}

function decode(encoded: string): { expiration: string; conditions: (unknown[] | object)[] } {
  try {
    const policy = JSON.parse(Buffer.from(encoded, 'base64').toString());
    if (typeof policy.expiration === 'string' && Array.isArray(policy.conditions)) return policy;
  } catch {
    // The refusal below says it.
  }
  throw new S3Error(
    'InvalidPolicyDocument',
    'The content of the form does not meet the conditions of a policy.',
  );
}

function denied(reason: string): S3Error {
  return new S3Error('AccessDenied', `Invalid according to Policy: ${reason}`);
}
