import type { WebSocketApiDefinition, WebSocketRoute } from '../template/wiring.ts';

/** The route of a message by the API's selection expression, such as `$request.body.action`; `$default` otherwise. */
export function selectRoute(api: WebSocketApiDefinition, message: string): WebSocketRoute | undefined {
  const path = /^\$\{?request\.body\.([\w.]+)\}?$/.exec(api.routeSelectionExpression)?.[1];
  const key = path === undefined ? undefined : fieldOf(message, path.split('.'));
  const routes = api.routes.filter((route) => !LIFECYCLE.has(route.routeKey));
  return (
    routes.find((route) => route.routeKey === key) ?? routes.find((route) => route.routeKey === '$default')
  );
}

/** A message cannot pretend to be a connection's beginning or end. */
const LIFECYCLE: ReadonlySet<string> = new Set(['$connect', '$disconnect']);

function fieldOf(message: string, path: readonly string[]): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(message);
  } catch {
    return undefined;
  }
  for (const name of path) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return typeof value === 'object' || value === undefined ? undefined : String(value);
}
