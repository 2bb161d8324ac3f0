import { DataApiError } from './data-api-error.ts';
import type { RequestParameter } from './literal.ts';

/** The JSON document of a request; what the operations use of it is checked when it is read. */
export type RequestDocument = Readonly<Record<string, unknown>>;

/** Parses a body that must be a JSON object. */
export function parseRequest(body: string): RequestDocument {
  let document: unknown;
  try {
    document = JSON.parse(body);
  } catch (error) {
    throw new DataApiError('ValidationException', 'The request is no JSON', { cause: error });
  }
  if (typeof document !== 'object' || document === null || Array.isArray(document))
    throw new DataApiError('ValidationException', 'The request is no JSON object');
  return document as RequestDocument;
}

/** A text that must be there. */
export function requiredText(request: RequestDocument, name: string): string {
  const text = optionalText(request, name);
  if (text === undefined || text.trim() === '')
    throw new DataApiError('ValidationException', `Member ${name} must not be empty`);
  return text;
}

/** A text, or undefined where it is absent. */
export function optionalText(request: RequestDocument, name: string): string | undefined {
  const value = request[name] ?? undefined;
  if (value !== undefined && typeof value !== 'string')
    throw new DataApiError('ValidationException', `Member ${name} must be a string`);
  return value;
}

/** An object; absent is empty. */
export function optionalObject(request: RequestDocument, name: string): RequestDocument {
  const value = request[name] ?? {};
  if (typeof value !== 'object' || Array.isArray(value))
    throw new DataApiError('ValidationException', `Member ${name} must be an object`);
  return value as RequestDocument;
}

/** A list of parameters by name; absent is empty. */
export function parameterMap(list: unknown): ReadonlyMap<string, RequestParameter> {
  if (list !== undefined && list !== null && !Array.isArray(list))
    throw new DataApiError('ValidationException', 'Parameters must be a list');
  const map = new Map<string, RequestParameter>();
  for (const parameter of (list ?? []) as RequestParameter[]) {
    if (typeof parameter?.name !== 'string')
      throw new DataApiError('BadRequestException', 'Every parameter needs a name');
    map.set(parameter.name, parameter);
  }
  return map;
}
