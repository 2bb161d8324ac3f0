/** What a request matched: the route, and the path parameters already decoded. */
export interface RouteMatch<R> {
  readonly route: R;
  readonly pathParameters: Readonly<Record<string, string>>;
}

/**
 * The route of an HTTP API for one request. The most specific path wins, segment by segment: a literal before a
 * parameter before `{greedy+}`; on the same path the method before `ANY`; `$default` when nothing else fits.
 */
export function matchRoute<R extends { readonly routeKey: string }>(
  routes: readonly R[],
  method: string,
  path: string,
): RouteMatch<R> | undefined {
  const asked = segmentsOf(path);
  let best: (RouteMatch<R> & { rank: string }) | undefined;
  for (const route of routes) {
    const [routeMethod, routePath] = route.routeKey.split(' ', 2);
    if (routePath === undefined || (routeMethod !== method && routeMethod !== 'ANY')) continue;
    const fit = fitPath(segmentsOf(routePath), asked);
    if (!fit) continue;
    const rank = `${fit.rank}${routeMethod === 'ANY' ? 1 : 0}`;
    if (!best || rank < best.rank) best = { route, pathParameters: fit.parameters, rank };
  }
  if (best) return { route: best.route, pathParameters: best.pathParameters };
  const fallback = routes.find((route) => route.routeKey === '$default');
  return fallback && { route: fallback, pathParameters: {} };
}

const segmentsOf = (path: string) => path.split('/').slice(1);

/** Lower ranks are more specific: one digit a segment, 0 literal, 1 parameter, 2 greedy. */
function fitPath(
  pattern: readonly string[],
  asked: readonly string[],
): { rank: string; parameters: Record<string, string> } | undefined {
  const parameters: Record<string, string> = {};
  let rank = '';
  for (const [index, expected] of pattern.entries()) {
    const given = asked[index];
    if (given === undefined) return undefined;
    const name = /^\{(.+?)(\+?)\}$/.exec(expected);
    if (!name) {
      if (expected !== given) return undefined;
      rank += '0';
    } else if (name[2]) {
      const rest = asked.slice(index).join('/');
      // `/health/{proxy+}` takes `/health/`, but `/{proxy+}` leaves `/` alone.
      if (rest === '' && index === 0) return undefined;
      parameters[name[1]!] = decode(rest);
      return { rank: `${rank}2`, parameters };
    } else {
      if (given === '') return undefined;
      parameters[name[1]!] = decode(given);
      rank += '1';
    }
  }
  return asked.length === pattern.length ? { rank: `${rank}`, parameters } : undefined;
}

/** Percent decoding that leaves what is not valid as it came. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
