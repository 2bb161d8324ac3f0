/** What an expression of a template may refer to. */
export interface Lookups {
  ref(logicalId: string): unknown;
  attribute(logicalId: string, name: string): unknown;
  condition(name: string): boolean;
  importValue(exportName: string): unknown;
  stackOutput(stackName: string, outputName: string): unknown;
  mapping(map: string, first: string, second: string): unknown;
  availabilityZones(): readonly string[];
  /** Applied once to every resolved text. */
  rewrite(text: string): string;
}

/** The value of `AWS::NoValue`: the key or list element that holds it disappears. */
export const NO_VALUE = Symbol('AWS::NoValue');

type Intrinsic = (argument: unknown, lookups: Lookups) => unknown;

/** Resolves every intrinsic function inside a value of a template. */
export function evaluate(value: unknown, lookups: Lookups): unknown {
  if (typeof value === 'string') return lookups.rewrite(value);
  if (Array.isArray(value))
    return value.map((item) => evaluate(item, lookups)).filter((item) => item !== NO_VALUE);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value);
  const call = entries.length === 1 ? intrinsicOf(entries[0]!) : undefined;
  if (call) return call(lookups);
  return Object.fromEntries(
    entries.map(([key, item]) => [key, evaluate(item, lookups)] as const).filter(([, v]) => v !== NO_VALUE),
  );
}

function intrinsicOf([name, argument]: [string, unknown]): ((lookups: Lookups) => unknown) | undefined {
  if (name === 'Ref') return (lookups) => rewritten(lookups.ref(textOf(argument)), lookups);
  // Inside an IAM statement `Condition` is data; only a name in text is a reference to a condition.
  if (name === 'Condition' && typeof argument === 'string') return (lookups) => lookups.condition(argument);
  if (!name.startsWith('Fn::')) return undefined;
  const intrinsic = INTRINSICS[name];
  if (!intrinsic) throw new Error(`The local runtime does not know the intrinsic function ${name}`);
  return (lookups) => rewritten(intrinsic(argument, lookups), lookups);
}

const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  'Fn::GetAtt': (argument, lookups) => {
    const [id, ...name] = typeof argument === 'string' ? argument.split('.') : listOf(argument, lookups);
    return lookups.attribute(textOf(id), name.map(textOf).join('.'));
  },
  'Fn::Join': (argument, lookups) => {
    const [separator, parts] = pairOf(argument);
    return listOf(evaluate(parts, lookups), lookups).map(textOf).join(textOf(separator));
  },
  'Fn::Sub': (argument, lookups) => substitute(argument, lookups),
  'Fn::Select': (argument, lookups) => {
    const [index, list] = pairOf(argument);
    const items = listOf(evaluate(list, lookups), lookups);
    const at = Number(evaluate(index, lookups));
    if (!(at in items)) throw new Error(`Fn::Select asks for element ${at} of ${items.length}`);
    return items[at];
  },
  'Fn::Split': (argument, lookups) => {
    const [separator, text] = pairOf(argument);
    return textOf(evaluate(text, lookups)).split(textOf(separator));
  },
  'Fn::If': (argument, lookups) => {
    const [condition, then, otherwise] = argument as unknown[];
    return evaluate(lookups.condition(textOf(condition)) ? then : otherwise, lookups);
  },
  'Fn::Equals': (argument, lookups) => {
    const [left, right] = pairOf(argument).map((side) => evaluate(side, lookups));
    return JSON.stringify(left) === JSON.stringify(right);
  },
  'Fn::Not': (argument, lookups) => !isTrue((argument as unknown[])[0], lookups),
  'Fn::And': (argument, lookups) => (argument as unknown[]).every((item) => isTrue(item, lookups)),
  'Fn::Or': (argument, lookups) => (argument as unknown[]).some((item) => isTrue(item, lookups)),
  'Fn::Base64': (argument, lookups) => Buffer.from(textOf(evaluate(argument, lookups))).toString('base64'),
  'Fn::FindInMap': (argument, lookups) => {
    const [map, first, second] = (argument as unknown[]).map((key) => textOf(evaluate(key, lookups)));
    return lookups.mapping(map!, first!, second!);
  },
  'Fn::GetAZs': (_argument, lookups) => lookups.availabilityZones(),
  'Fn::ImportValue': (argument, lookups) => lookups.importValue(textOf(evaluate(argument, lookups))),
  'Fn::GetStackOutput': (argument, lookups) => {
    const { StackName, OutputName } = evaluate(argument, lookups) as Record<string, unknown>;
    return lookups.stackOutput(textOf(StackName), textOf(OutputName));
  },
};

function substitute(argument: unknown, lookups: Lookups): string {
  const [template, variables] =
    typeof argument === 'string' ? [argument, {}] : (argument as [string, Record<string, unknown>]);
  return template.replace(/\$\{(!?)([^}]+)\}/g, (_whole, literal: string, name: string) => {
    if (literal) return `\${${name}}`;
    if (Object.hasOwn(variables, name)) return textOf(evaluate(variables[name], lookups));
    const [id, ...attribute] = name.split('.');
    return textOf(attribute.length === 0 ? lookups.ref(id!) : lookups.attribute(id!, attribute.join('.')));
  });
}

function isTrue(value: unknown, lookups: Lookups): boolean {
  return evaluate(value, lookups) === true;
}

function rewritten(value: unknown, lookups: Lookups): unknown {
  return typeof value === 'string' ? lookups.rewrite(value) : value;
}

function pairOf(argument: unknown): [unknown, unknown] {
  if (!Array.isArray(argument) || argument.length !== 2)
    throw new Error(`Expected two arguments, found ${JSON.stringify(argument)}`);
  return argument as [unknown, unknown];
}

function listOf(value: unknown, lookups: Lookups): unknown[] {
  const list = Array.isArray(value) ? value : evaluate(value, lookups);
  if (!Array.isArray(list)) throw new Error(`Expected a list, found ${JSON.stringify(value)}`);
  return list;
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new Error(`Expected a text, found ${JSON.stringify(value)}`);
}
