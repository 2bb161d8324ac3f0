import * as z from 'zod';

/** The parts of a JSON schema that say which fields there may be. */
interface JsonSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
}

const known = new WeakMap<z.ZodType, JsonSchema>();

/** What a body may be, as JSON schema: an object has the fields that it names and no other, unless its contract is loose. */
export function bodySchemaOf(body: z.ZodType): Record<string, unknown> {
  const { $schema: _, ...schema } = z.toJSONSchema(body, {
    io: 'input',
    unrepresentable: 'any',
    override({ zodSchema, jsonSchema }) {
      if (zodSchema._zod.def.type === 'object') jsonSchema.additionalProperties ??= false;
    },
  });
  return schema;
}

/** Fields of a body that its route does not know, by their paths: what is misspelt would else be left out without a word. */
export function unknownFields(body: z.ZodType, value: unknown): string[] {
  const schema = known.get(body) ?? (bodySchemaOf(body) as JsonSchema);
  known.set(body, schema);
  return [...unknownIn(schema, value, '')];
}

function* unknownIn(schema: JsonSchema, value: unknown, path: string): Generator<string> {
  if (Array.isArray(value)) {
    const items = shapeOf(schema, 'array')?.items;
    if (items) for (const [i, item] of value.entries()) yield* unknownIn(items, item, `${path}${i}.`);
    return;
  }
  const shape = isObject(value) ? shapeOf(schema, 'object') : undefined;
  if (!shape) return;
  const fields = new Map(Object.entries(shape.properties ?? {}));
  for (const [name, field] of Object.entries(value as object)) {
    const its = fields.get(name) ?? shape.additionalProperties;
    if (its === false) yield `${path}${name}`;
    else if (isObject(its)) yield* unknownIn(its, field, `${path}${name}.`);
  }
}

/** The schema, or that of its alternatives, which describes an array or object; of several nobody knows which is meant. */
function shapeOf(schema: JsonSchema, type: 'array' | 'object'): JsonSchema | undefined {
  if (schema.type === type) return schema;
  const fitting = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap(
    (one) => shapeOf(one, type) ?? [],
  );
  return fitting.length === 1 ? fitting[0] : undefined;
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
