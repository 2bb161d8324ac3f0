import * as z from 'zod';
import { bodySchemaOf } from './body-schema.ts';
import { VERSION } from './read-health.ts';
import type { Route } from './route.ts';

type Json = Record<string, unknown>;

const PROBLEM = {
  type: 'object',
  required: ['title', 'status', 'detail'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['reason'],
        properties: {
          field: { type: 'string' },
          line: { type: 'integer' },
          reason: { type: 'string' },
        },
      },
    },
    request_id: { type: 'string' },
  },
};

/** The table of routes as an OpenAPI 3.1 document. */
export function openApiOf(routes: readonly Route[]): Json {
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operationOf(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'smart-inventory',
      version: VERSION,
      description:
        'Demand planning and replenishment. Money is a decimal string, quantities are whole units.',
    },
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      schemas: { Problem: PROBLEM },
    },
  };
}

function operationOf(route: Route): Json {
  const { method, path, summary, roles, answer } = route;
  const isPublic = roles === 'public';
  const content =
    answer === 'text/html'
      ? { 'text/html': { schema: { type: 'string' } }, 'application/json': { schema: {} } }
      : { 'application/json': { schema: schemaOf(answer, 'output') } };
  return {
    operationId: `${method.toLowerCase()}${path.replace(/[^A-Za-z0-9]+(\w?)/g, (_, letter: string) => letter.toUpperCase())}`,
    tags: [path.split('/')[1] || 'service'],
    summary,
    ...(isPublic
      ? { security: [] }
      : { description: `Roles: ${[...new Set([...roles, 'admin'])].join(', ')}.` }),
    parameters: [
      ...parametersOf(route.params, 'path'),
      ...parametersOf(route.query, 'query'),
      ...(route.effect === 'creates'
        ? [{ name: 'Idempotency-Key', in: 'header', schema: { type: 'string', maxLength: 200 } }]
        : []),
    ],
    ...(route.body && {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: bodySchemaOf(route.body) } },
      },
    }),
    responses: {
      [String(route.status ?? 200)]: { description: summary, content },
      default: {
        description: 'A problem document (RFC 9457)',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  };
}

function parametersOf(schema: z.ZodType | undefined, where: 'path' | 'query'): Json[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, value]) => ({
    name,
    in: where,
    required: where === 'path' || required.includes(name),
    schema: value,
  }));
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  // what a transform makes has no schema of its own; its input has
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}
